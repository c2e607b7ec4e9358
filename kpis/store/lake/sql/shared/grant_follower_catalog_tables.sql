-- the follower reads the tables that the catalog has
grant select on all tables in schema public to kpis_follower
