-- the lock of those who seal, for roles that may take no other advisory lock; the numbers are those of edition_claims.py
create or replace function kpis_shared.try_edition_lock() returns boolean
language sql security definer set search_path = pg_catalog
as 'select pg_try_advisory_lock(1802529139, 3)'
