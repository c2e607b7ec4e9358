-- one row per role of the lake that this server has
select rolname::text from pg_roles where rolname in ('kpis_follower', 'kpis_page') order by rolname
