-- the rows, with a target in each, of the agencies of a scope
create view {schema}.{table} as
select * from published.main.{table}
where
    (target, agency) in (
        select (targets.target, scope_agencies.agency)
        from published.main.targets
        inner join {schema}.scope_agencies on scope_agencies.plan = targets.plan
    )
