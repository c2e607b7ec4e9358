-- one row per agency that still owes something and has reported nothing for at least $silent_days days
with obligations as (
    -- its own part of a target: a share, a ratio, its place on a roster
    select v.plan, v.agency, v.period_start as since
    from attainment_statuses as v
    where list_contains($urgent_statuses, v.status) and v.span is null
    union all
    -- a target that it leads, as a whole
    select a.plan, a.lead, a.period_start
    from requested_periods as a
    where list_contains($urgent_targets, a.entry_target) and a.span is null
    union all
    select t.plan, coalesce(s.successor, l.agency), i.starts_on
    from known_task_instances as i
    inner join known_tasks as t on t.task = i.task
    inner join known_task_leads as l on l.task = i.task and not l.collective
    left join standing_successors as s on s.plan = t.plan and s.agency = l.agency
    where
        list_contains($unfinished_tasks, coalesce(t.version_of, t.task))
        and (i.judged_from is null or i.judged_from <= $as_of)
        and (i.judged_until is null or i.judged_until > $as_of)
),

owing_agencies as (
    select plan, agency, min(since) as since
    from obligations
    where since <= $as_of
    group by plan, agency
),

-- nearly every agency has an entry in the last days: only the others are searched for further back
quiet_agencies as (
    select o.plan, o.agency, o.since
    from owing_agencies as o
    left join recent_reporters as h on h.plan = o.plan and h.agency = o.agency
    where h.agency is null
),

-- what its predecessors reported breaks the silence of an agency too
voices_of_quiet as (
    select plan, agency, agency as voice
    from quiet_agencies
    union
    select q.plan, q.agency, s.agency
    from quiet_agencies as q
    inner join standing_successors as s on s.plan = q.plan and s.successor = q.agency
),

last_days as (
    select q.plan, q.agency, max(e.occurred_on) as day
    from voices_of_quiet as q
    inner join entries as e on e.plan = q.plan and e.agency = q.voice
    where e.retired_at is null and e.occurred_on <= $as_of
    group by q.plan, q.agency
    union all
    select q.plan, q.agency, max(d.day) as day
    from quiet_agencies as q
    inner join report_days as d on d.plan = q.plan and d.agency = q.agency and d.day <= $as_of
    group by q.plan, q.agency
)

select
    q.plan, p.position as plan_position, p.province, p.place, p.kind, q.agency,
    max(d.day) as last_report_on,
    -- without a report the silence began with what is owed
    cast($as_of as date) - coalesce(max(d.day), greatest(q.since, b.earliest_on)) as days_silent
from quiet_agencies as q
inner join known_plans as p on p.plan = q.plan
inner join silence_starts as b on b.plan = q.plan
left join last_days as d on d.plan = q.plan and d.agency = q.agency
where year(cast($as_of as date)) <= coalesce(p.end_year, p.shown_to)
group by q.plan, p.position, p.province, p.place, p.kind, q.agency, q.since, b.earliest_on
having days_silent >= $silent_days
