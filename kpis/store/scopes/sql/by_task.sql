-- the rows of a table with a task in each row
create view {schema}.{table} as
select * from published.main.{table}
where
    task in (
        select task from published.main.tasks
        where plan in (select plan from {schema}.scope_plans)
    )
