-- the follower reads the tables that the leader makes in the catalog later
alter default privileges in schema public grant select on tables to kpis_follower
