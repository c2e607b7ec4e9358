-- one row per sheet row and code of the current rejections or warnings, in the sheets' order
select
    r.source, r.tab, r.row, r.cell, r.header, r.code, r.value, r.detail, r.row_hash, r.plan, r.agency, r.target,
    r.recorded_at
from {table} as r
inner join tracked_plans as k on k.plan = r.plan and k.retired_at is null
left join known_plans as p on p.plan = r.plan
where
    r.retired_at is null
    and ($plan is null or r.plan = $plan)
    -- (rows of agencies for which the one asked for stands on the day are its own to correct)
    and (
        $agency is null or r.agency = $agency
        or (r.plan, r.agency) in (
            select (s.plan, s.agency)
            from known_agency_successors as s
            where
                s.successor = $agency and s.from_day <= $as_of
                and (s.until_day is null or s.until_day > $as_of)
        )
    )
order by p.position, r.source, r.tab, r.row, r.cell, r.code
