-- a schema beside the catalog of the lake: what several machines share and pages may write
create schema if not exists kpis_shared
