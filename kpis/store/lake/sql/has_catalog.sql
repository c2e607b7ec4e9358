-- whether this database holds the catalog of a lake
select to_regclass('ducklake_snapshot') is not null
