-- the process of the pages reads and writes what is shared, and may do nothing else with these tables
grant select, insert, update, delete on all tables in schema kpis_shared to kpis_page
