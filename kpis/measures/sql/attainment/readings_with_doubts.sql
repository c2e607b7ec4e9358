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
