-- every row of a table that says nothing of a plan
create view {schema}.{table} as
select * from published.main.{table}
