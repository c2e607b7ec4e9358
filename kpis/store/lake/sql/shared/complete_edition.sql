-- one row: the revision is sealed for good
update kpis_shared.edition_claims set sealed_at = clock_timestamp()
where folder = %(folder)s and revision = %(revision)s
returning revision
