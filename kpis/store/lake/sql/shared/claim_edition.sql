-- one row if the revision is this machine's to make: nobody has sealed it, and who began it has ended without
insert into kpis_shared.edition_claims (folder, revision, claimed_by, claimed_at)
values (%(folder)s, %(revision)s, %(claimed_by)s, clock_timestamp())
on conflict (folder, revision) do update set claimed_by = excluded.claimed_by, claimed_at = excluded.claimed_at
where edition_claims.sealed_at is null
returning revision
