-- the indicators that the targets of the plans use
create view {schema}.{table} as
select * from published.main.{table}
where
    indicator in (
        select indicator from published.main.targets
        where plan in (select plan from {schema}.scope_plans)
    )
