-- one row per target and period with an accepted entry: its totals as of the day and as of the due day, as published
with reached as (
    select
        a.target, a.period_start,
        arg_max(c, c.day) as now,
        arg_max(c, c.day) filter (where c.day <= a.judged_on) as at_due
    from asked as a
    inner join curve as c
        on c.target = a.target and c.period_start = a.period_start and c.day <= a.counted_to
    group by a.target, a.period_start
)

select
    target, period_start, cast(null as varchar) as agency,
    now.entries as entries,
    now.reporting_agencies as reporting_agencies,
    now.roster_reported as roster_reported,
    now.numerator as numerator,
    now.denominator as denominator,
    at_due.entries as entries_at_due,
    at_due.roster_reported as roster_reported_at_due,
    at_due.numerator as numerator_at_due,
    at_due.denominator as denominator_at_due,
    now.numerator as adds
from reached
