-- one row per target, period and agency with an entry: its totals as of the period's end
-- (a sum past what a bigint holds stays at its end: no sheet's nonsense stops a publication)
select
    target, period_start, agency, entries, last_on, done_on,
    cast(least(numerator, 9223372036854775807) as bigint) as numerator,
    denominator, entries_at_due,
    cast(if(numerator_at_due is null, null, least(numerator_at_due, 9223372036854775807)) as bigint)
        as numerator_at_due,
    denominator_at_due
from agency_totals
