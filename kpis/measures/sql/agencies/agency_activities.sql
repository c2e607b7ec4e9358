-- one row per agency of a plan that has not ended, or for the one asked for: when it last reported, how much, and how many
-- of its rows have to be fixed
with entry_activity as (
    select agency, count(*) as entries, max(occurred_on) as last_on, max(recorded_at) as last_recorded_at
    from entries
    where retired_at is null and plan = $plan and occurred_on <= $as_of
    group by agency
),

report_activity as (
    select
        k.agency,
        count(*) as reports,
        max(k.occurred_on) as last_on,
        max(k.recorded_at) as last_recorded_at
    from known_reports as k
    inner join known_tasks as t on t.task = k.task
    where t.plan = $plan and k.occurred_on <= $as_of
    group by k.agency
),

rejected_rows as (
    select agency, count(*) as rejected_rows
    from (
        select distinct agency, source, tab, row
        from rejections
        where retired_at is null and plan = $plan
    )
    group by agency
),

warned_rows as (
    select agency, count(*) as warned_rows
    from (
        select distinct agency, source, tab, row
        from warnings
        where retired_at is null and plan = $plan
    )
    group by agency
)

-- (what its predecessors reported is an agency's own since it stands for them; one that has ended is asked for by name
-- about what it reported itself, as its lists are)
select
    if(a.agency = $agency, a.agency, coalesce(s.successor, a.agency)) as agency,
    sum(coalesce(c.entries, 0)) as entries,
    sum(coalesce(r.reports, 0)) as reports,
    max(greatest(c.last_on, r.last_on)) as last_report_on,
    max(greatest(c.last_recorded_at, r.last_recorded_at)) as last_recorded_at,
    sum(coalesce(j.rejected_rows, 0)) as rejected_rows,
    sum(coalesce(w.warned_rows, 0)) as warned_rows
from known_agencies as a
left join standing_successors as s on s.plan = a.plan and s.agency = a.agency
left join entry_activity as c on c.agency = a.agency
left join report_activity as r on r.agency = a.agency
left join rejected_rows as j on j.agency = a.agency
left join warned_rows as w on w.agency = a.agency
where
    a.plan = $plan and not a.collective
    and ($agency is null or a.agency = $agency or coalesce(s.successor, a.agency) = $agency)
group by all
