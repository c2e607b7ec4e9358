-- one row: when the agency last reported, how much, and how many of its rows have to be fixed; those of its predecessors
-- are its own since it stands for them
with answering_agencies as (
    select cast($agency as varchar) as agency
    union
    select agency
    from standing_successors
    where plan = $plan and successor = $agency
),

entry_activity as (
    select count(*) as entries, max(occurred_on) as last_on, max(recorded_at) as last_recorded_at
    from entries
    where retired_at is null and plan = $plan and agency in (select agency from answering_agencies) and occurred_on <= $as_of
),

report_activity as (
    select
        count(*) as reports,
        max(k.occurred_on) as last_on,
        max(k.recorded_at) as last_recorded_at
    from known_reports as k
    inner join known_tasks as t on t.task = k.task
    where t.plan = $plan and k.agency in (select agency from answering_agencies) and k.occurred_on <= $as_of
)

select
    c.entries, r.reports,
    greatest(c.last_on, r.last_on) as last_report_on,
    greatest(c.last_recorded_at, r.last_recorded_at) as last_recorded_at,
    (
        select count(*) from (
            select distinct source, tab, row
            from rejections
            where retired_at is null and plan = $plan and agency in (select agency from answering_agencies)
        )
    ) as rejected_rows,
    (
        select count(*) from (
            select distinct source, tab, row
            from warnings
            where retired_at is null and plan = $plan and agency in (select agency from answering_agencies)
        )
    ) as warned_rows
from entry_activity as c
cross join report_activity as r
