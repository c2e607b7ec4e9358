-- the rows of a table with a source in each row
create view {schema}.{table} as
select * from published.main.{table}
where
    source in (
        select source from published.main.source_states
        where plan in (select plan from {schema}.scope_plans)
    )
