-- one row per target of a tracked plan, with the names of its indicator and its first and last due day
select
    t.target, t.plan, t.indicator, t.title_vi, t.title_en, t.section, t.measure, t.comparator,
    t.floor, t.stretch, t.unit_vi, t.unit_en, t.recurrence, t.recurrence_basis,
    t.recurrence_reason_vi, t.recurrence_reason_en, t.force, coalesce(s.successor, t.lead) as lead, t.lead_basis, t.pace,
    t.population, t.roster_size, t.each, t.numerator_vi, t.denominator_vi, t.counting, t.ended_on, i.name_vi, i.name_en,
    min(d.due_on) as first_due, max(d.due_on) as last_due,
    list(struct_pack(due_on := d.due_on, floor := d.floor) order by d.due_on) filter (where d.floor is not null)
        as stages,
    arg_min(d.baseline, d.period_start) filter (where d.baseline is not null) as baseline,
    arg_min(d.baseline_year, d.period_start) filter (where d.baseline is not null) as baseline_year
from known_targets as t
inner join known_plans as p on p.plan = t.plan
inner join tracked_plans as k on k.plan = t.plan and k.retired_at is null
inner join known_indicators as i on i.indicator = t.indicator
left join known_agency_successors as s
    on
        s.plan = t.plan and s.agency = t.lead
        and s.from_day <= $as_of and coalesce(s.until_day > $as_of, true)
left join known_periods as d on d.target = t.target and d.span is null
where ($plan is null or t.plan = $plan) and t.version_of is null
group by all
order by any_value(p.position), any_value(t.position)
