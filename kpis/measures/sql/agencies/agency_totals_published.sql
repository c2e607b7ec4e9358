-- one row per target, period and agency with an entry: its totals as of the period's end
-- (a sum too large for a bigint becomes the largest bigint, so that absurd values in a sheet cannot stop a publication)
select
    target, period_start, period_end, agency, entries, last_on, done_on,
    cast(least(numerator, 9223372036854775807) as bigint) as numerator,
    cast(if(denominator is null, null, least(denominator, 9223372036854775807)) as bigint) as denominator,
    entries_at_due,
    cast(if(numerator_at_due is null, null, least(numerator_at_due, 9223372036854775807)) as bigint)
        as numerator_at_due,
    cast(if(denominator_at_due is null, null, least(denominator_at_due, 9223372036854775807)) as bigint)
        as denominator_at_due
from agency_totals
