-- one row per target, period and agency with an accepted entry: its own totals, and what they add to the target's
with ranked_totals as (
    select
        g.*, a.measure = 'milestone' as is_milestone,
        row_number() over (
            partition by g.target, g.period_start, g.period_end
            order by g.numerator desc, g.done_on nulls last, g.agency
        ) = 1 as is_first
    from agency_totals as g
    inner join requested_periods as a
        on a.target = g.target and a.period_start = g.period_start and a.period_end = g.period_end
)

select
    target, period_start, period_end, agency, entries,
    cast(entries > 0 as integer) as reporting_agencies,
    cast(in_roster and entries > 0 as integer) as roster_reported,
    numerator, denominator, entries_at_due,
    cast(in_roster and entries_at_due > 0 as integer) as roster_reported_at_due,
    numerator_at_due, denominator_at_due,
    -- a milestone is reached once: by the agency that is done and was done first
    case when is_milestone and not is_first then 0 else numerator end as adds
from ranked_totals
