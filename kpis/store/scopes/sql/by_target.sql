-- the rows of a table with a target in each row
create view {schema}.{table} as
select * from published.main.{table}
where
    target in (
        select target from published.main.targets
        where plan in (select plan from {schema}.scope_plans)
    )
