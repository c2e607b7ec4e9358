-- one row per invitation
create table if not exists kpis_shared.invitations (
    token_hash text primary key, email text not null, created_at bigint not null, ends_at bigint not null, used_at bigint
)
