-- one row per revision of an edition that was ever begun; `sealed_at` is null while it is made, and where that ended early
create table if not exists kpis_shared.edition_claims (
    folder text, revision integer, claimed_by text not null, claimed_at timestamptz not null, sealed_at timestamptz,
    primary key (folder, revision)
)
