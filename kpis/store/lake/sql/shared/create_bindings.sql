-- one row per person who has signed in at the provider
create table if not exists kpis_shared.bindings (
    email text primary key, issuer text not null, subject text not null, bound_at bigint not null
)
