-- one row per target and period that contains the year asked for, with the days it is judged on
select
    t.target, t.plan, t.position, t.indicator, t.title_vi, t.title_en, t.section, t.line,
    t.measure, t.accumulation, t.comparator, t.floor, t.stretch, t.unit_vi, t.unit_en,
    t.recurrence, t.recurrence_basis, t.recurrence_reason_vi, t.recurrence_reason_en, t.force,
    t.lead, t.lead_basis, t.pace, t.population, t.roster_size,
    p.position as plan_position, p.province, p.place, p.kind,
    d.period_start, d.period_end, d.due_on,
    cast($as_of as date) as as_of,
    least($as_of, d.period_end) as counted_to,
    least($as_of, d.due_on) as judged_on,
    t.measure = 'ratio' or (t.measure = 'count' and t.accumulation = 'level') as is_level
from periods as d
inner join targets as t on t.target = d.target
inner join plans as p on p.plan = t.plan
where
    $year between year(d.period_start) and year(d.period_end)
    and ($plan is null or t.plan = $plan)
    -- a ward stands inside a province, and is never added into it
    and ($province is null or (p.province = $province and p.kind = 'province'))
