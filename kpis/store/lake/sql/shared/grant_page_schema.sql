-- the process of the pages sees the shared schema
grant usage on schema kpis_shared to kpis_page
