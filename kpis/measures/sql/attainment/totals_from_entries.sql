-- one row per target and period with an accepted entry: its totals as of the day and the due day, from the entries
with summed_totals as (
    select
        t.target, t.period_start, t.period_end,
        sum(t.entries) as entries,
        count(*) filter (where t.entries > 0) as reporting_agencies,
        count(*) filter (where t.in_roster and t.entries > 0) as roster_reported,
        case when a.measure = 'milestone' then max(t.numerator) else sum(t.numerator) end as numerator,
        sum(t.denominator) as denominator,
        sum(t.entries_at_due) as entries_at_due,
        count(*) filter (where t.in_roster and t.entries_at_due > 0) as roster_reported_at_due,
        case when a.measure = 'milestone' then max(t.numerator_at_due) else sum(t.numerator_at_due) end
            as numerator_at_due,
        sum(t.denominator_at_due) as denominator_at_due
    from agency_totals as t
    inner join requested_periods as a
        on a.target = t.target and a.period_start = t.period_start and a.period_end = t.period_end
    group by t.target, t.period_start, t.period_end, a.measure
)

-- (capped as in the curve; `least` ignores null, so it would turn null into the cap)
select
    target, period_start, period_end, entries, reporting_agencies, roster_reported, entries_at_due,
    roster_reported_at_due,
    cast(null as varchar) as agency,
    least(numerator, 9223372036854775807) as numerator,
    if(denominator is null, null, least(denominator, 9223372036854775807)) as denominator,
    if(numerator_at_due is null, null, least(numerator_at_due, 9223372036854775807)) as numerator_at_due,
    if(denominator_at_due is null, null, least(denominator_at_due, 9223372036854775807)) as denominator_at_due,
    least(numerator, 9223372036854775807) as adds
from summed_totals
