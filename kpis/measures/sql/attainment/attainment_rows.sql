-- one row per status row, with the register's data on its target
select
    v.target, v.period_start, v.period_end, v.due_on, v.as_of, v.measure, v.comparator, v.floor, v.pace,
    v.lead, v.population, v.roster_size, v.is_proportion, v.is_ceiling, v.agency, v.share, v.pace_part,
    v.pace_whole, v.expected_whole, v.entries, v.reporting_agencies, v.roster_reported, v.numerator,
    v.denominator, v.adds, v.adds_up, v.each, v.unit, v.span, v.has_spans, v.spans_met, v.spans_due, v.spans, 
    v.baseline, v.baseline_year, v.start_millionths, v.numerator_weak, v.denominator_weak, v.adds_weak, v.is_complete, v.status, v.met,
    t.version_of, t.version, t.plan, t.position, t.indicator, t.title_vi, t.title_en, t.section, t.line, t.accumulation, t.stretch,
    t.unit_vi, t.unit_en, t.recurrence, t.recurrence_basis, t.recurrence_reason_vi, t.recurrence_reason_en,
    t.force, t.lead_basis, t.numerator_vi, t.denominator_vi, p.position as plan_position, p.province, p.place, p.kind,
    p.place_suffix
from attainment_statuses as v
inner join known_targets as t on t.target = v.target
inner join known_plans as p on p.plan = t.plan
where $agency is null or v.agency = $agency
