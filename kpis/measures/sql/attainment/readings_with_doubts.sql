-- one row per subject with an entry and reading: its totals as they stand, and with every open doubt applied, then beside
-- the numerators as they stand (null: there is no entry)
select
    target, period_start, period_end, agency, false as is_doubted, entries, reporting_agencies, roster_reported,
    numerator,
    denominator, entries_at_due, roster_reported_at_due, numerator_at_due, denominator_at_due, adds,
    cast(null as hugeint) as full_numerator, cast(null as hugeint) as full_numerator_at_due
from totals
union all
select
    d.target, d.period_start, d.period_end, d.agency, true, d.entries, d.reporting_agencies, d.roster_reported,
    d.numerator,
    d.denominator, d.entries_at_due, d.roster_reported_at_due, d.numerator_at_due, d.denominator_at_due, d.adds,
    if(t.target is null, null, coalesce(t.numerator, 0)),
    if(t.target is null, null, coalesce(t.numerator_at_due, 0))
from doubted_totals as d
left join totals as t
    on
        t.target = d.target and t.period_start = d.period_start and t.period_end = d.period_end
        and t.agency is not distinct from d.agency
union all
-- only the figure of the year before is in doubt
select
    t.target, t.period_start, t.period_end, t.agency, true, t.entries, t.reporting_agencies, t.roster_reported,
    t.numerator, t.denominator, t.entries_at_due, t.roster_reported_at_due, t.numerator_at_due, t.denominator_at_due,
    t.adds, coalesce(t.numerator, 0), coalesce(t.numerator_at_due, 0)
from totals as t
inner join previous_figures as p
    on p.target = t.target and p.period_start = t.period_start and p.period_end = t.period_end and p.has_doubt
left join doubted_totals as d
    on
        d.target = t.target and d.period_start = t.period_start and d.period_end = t.period_end
        and d.agency is not distinct from t.agency
where t.agency is null and d.target is null
