-- the rows of the agencies of a scope
create view {schema}.{table} as
select * from published.main.{table}
where (plan, agency) in (select (plan, agency) from {schema}.scope_agencies)
