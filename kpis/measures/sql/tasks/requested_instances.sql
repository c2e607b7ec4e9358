-- one row per requested task instance of a tracked plan: those begun by the year, or the first; `current` marks the one that represents
-- its task. `version_task`: the task as the version of its plan has it that judges the instance on this day
with plan_instances as materialized (
    select
        coalesce(t.version_of, t.task) as task, i.task as version_task, i.year, i.starts_on, i.due_on, t.plan, t.timing,
        p.focal_agency,
        case when t.timing = 'yearly' then make_date(i.year, 12, 31) else date '9999-12-31' end as ends_on,
        cast($as_of as date) as as_of,
        coalesce($year, year($as_of)) as in_year
    from known_task_instances as i
    inner join known_tasks as t on t.task = i.task
    inner join known_plans as p on p.plan = t.plan
    inner join tracked_plans as k
        on k.plan = t.plan and k.recorded_at <= $tracked_at and (k.retired_at is null or k.retired_at > $tracked_at)
    where
        ($plans is null or list_contains($plans, t.plan))
        and (i.judged_from is null or i.judged_from <= $as_of)
        and (i.judged_until is null or i.judged_until > $as_of)
),

shown_years as (
    select
        task,
        min(year) as first_year,
        coalesce(max(year) filter (where year(starts_on) <= in_year), min(year)) as current_year
    from plan_instances
    group by task
)

select i.* exclude (in_year), i.year = y.current_year as current
from plan_instances as i
inner join shown_years as y on y.task = i.task
where
    (i.year = y.first_year or year(i.starts_on) <= i.in_year)
    and ($year is null or i.year = y.current_year)
