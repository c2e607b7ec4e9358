-- one row per signed-in browser, as in kpis/access/sql/schema.sql; tokens as SHA-256, moments in seconds since 1970
create table if not exists kpis_shared.sessions (
    token_hash text primary key, id text not null, email text not null, kind text not null,
    created_at bigint not null, last_active_at bigint not null, idle_seconds bigint not null, ends_at bigint not null
)
