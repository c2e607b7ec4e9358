-- The database of a lake and its three roles; run it once as an administrator of PostgreSQL, again after an upgrade:
--   psql -U postgres -v database=kpis -f deploy/lake.sql
-- It sets no passwords: \password kpis_leader, \password kpis_follower, \password kpis_page.
\set ON_ERROR_STOP on

select format('create role %I login', role)
from unnest(array['kpis_leader', 'kpis_follower', 'kpis_page']) as role
where not exists (select from pg_roles where rolname = role)
\gexec

select format('create database %I owner kpis_leader template template0 encoding ''UTF8''', :'database')
where not exists (select from pg_database where datname = :'database')
\gexec

\connect :"database"

-- Nobody but these roles comes in; nobody but the owner makes anything.
revoke all on database :"database" from public;
grant connect on database :"database" to kpis_follower, kpis_page;
alter schema public owner to kpis_leader;
revoke all on schema public from public;

-- A role that may lock whatever it likes could keep everybody from leading.
revoke execute on function
    pg_advisory_lock(bigint), pg_advisory_lock(integer, integer),
    pg_advisory_lock_shared(bigint), pg_advisory_lock_shared(integer, integer),
    pg_advisory_xact_lock(bigint), pg_advisory_xact_lock(integer, integer),
    pg_advisory_xact_lock_shared(bigint), pg_advisory_xact_lock_shared(integer, integer),
    pg_try_advisory_lock(bigint), pg_try_advisory_lock(integer, integer),
    pg_try_advisory_lock_shared(bigint), pg_try_advisory_lock_shared(integer, integer),
    pg_try_advisory_xact_lock(bigint), pg_try_advisory_xact_lock(integer, integer),
    pg_try_advisory_xact_lock_shared(bigint), pg_try_advisory_xact_lock_shared(integer, integer)
from public;
grant execute on function
    pg_try_advisory_lock(integer, integer), pg_advisory_xact_lock(integer, integer)
to kpis_leader;
