-- the rows of a table with a plan in each row
create view {schema}.{table} as
select * from published.main.{table}
where plan in (select plan from {schema}.scope_plans)
