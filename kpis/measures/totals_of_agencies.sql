-- one row per target, period and agency with an accepted entry: its own totals, and what they add to the target's
select
    target, period_start, agency, entries,
    1 as reporting_agencies,
    cast(in_roster as integer) as roster_reported,
    numerator, denominator, entries_at_due,
    cast(in_roster and entries_at_due > 0 as integer) as roster_reported_at_due,
    numerator_at_due, denominator_at_due,
    case
        -- a milestone is reached once: by whoever was done first
        when done_on is null then numerator
        when row_number() over (
            partition by target, period_start, done_on is null
            order by done_on, agency
        ) = 1 then numerator
        else 0
    end as adds
from agency_totals
