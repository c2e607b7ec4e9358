-- one row per sign-in under way
create table if not exists kpis_shared.sign_ins (token_hash text primary key, data text not null, ends_at bigint not null)
