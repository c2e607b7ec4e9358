-- the rows of a table with a task in each row, which tasks are read in the order of (rowid)
create view {schema}.{table} as
select *, rowid from published.main.{table}
where
    task in (
        select task from published.main.tasks
        where plan in (select plan from {schema}.scope_plans)
    )
