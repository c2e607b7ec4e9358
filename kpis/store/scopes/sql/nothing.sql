-- no row of a table
create view {schema}.{table} as
select * from published.main.{table} where false
