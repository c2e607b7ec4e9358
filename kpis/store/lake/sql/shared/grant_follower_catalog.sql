-- the follower sees the schema of the catalog
grant usage on schema public to kpis_follower
