-- no row of a table
create view {schema}.{table} as
select *, rowid from published.main.{table} where false
