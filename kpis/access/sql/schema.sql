-- one row per thing that lets a person in; tokens as SHA-256, moments in seconds since 1970
begin immediate;
create table if not exists sessions (
    token_hash text primary key, id text not null, email text not null, kind text not null,
    created_at integer not null, last_active_at integer not null, idle_seconds integer not null,
    ends_at integer not null
);
create table if not exists sign_ins (token_hash text primary key, data text not null, ends_at integer not null);
create table if not exists bindings (
    email text primary key, issuer text not null, subject text not null, bound_at integer not null
);
create table if not exists invitations (
    token_hash text primary key, email text not null, created_at integer not null, ends_at integer not null,
    used_at integer
);
pragma user_version = 1;
commit;
