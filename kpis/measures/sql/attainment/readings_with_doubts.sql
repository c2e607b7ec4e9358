-- one row per subject with an entry and reading: its totals as they stand, and with every open doubt applied
select
    target, period_start, period_end, agency, false as is_doubted, entries, reporting_agencies, roster_reported,
    numerator,
    denominator, entries_at_due, roster_reported_at_due, numerator_at_due, denominator_at_due, adds
from totals
union all
select
    target, period_start, period_end, agency, true, entries, reporting_agencies, roster_reported, numerator,
    denominator, entries_at_due, roster_reported_at_due, numerator_at_due, denominator_at_due, adds
from doubted_totals
union all
-- only the figure of the year before is in doubt
select
    t.target, t.period_start, t.period_end, t.agency, true, t.entries, t.reporting_agencies, t.roster_reported,
    t.numerator, t.denominator, t.entries_at_due, t.roster_reported_at_due, t.numerator_at_due, t.denominator_at_due,
    t.adds
from totals as t
inner join previous_figures as p
    on p.target = t.target and p.period_start = t.period_start and p.period_end = t.period_end and p.has_doubt
left join doubted_totals as d
    on
        d.target = t.target and d.period_start = t.period_start and d.period_end = t.period_end
        and d.agency is not distinct from t.agency
where t.agency is null and d.target is null
