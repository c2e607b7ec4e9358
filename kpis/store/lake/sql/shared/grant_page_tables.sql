-- the process of the pages reads what is shared
grant select on all tables in schema kpis_shared to kpis_page
