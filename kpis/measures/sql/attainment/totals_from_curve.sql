-- one row per target and period with an accepted entry: its totals as of the day and as of the due day, as published
with current_totals as (
    select *
    from curve
    where day <= $as_of and $as_of < until
),

due_day_totals as (
    select *
    from curve
    where stood_when_due
)

select
    a.target, a.period_start, a.period_end,
    cast(null as varchar) as agency,
    n.entries, n.reporting_agencies, n.roster_reported, n.numerator, n.denominator,
    n.numerator as adds,
    case when a.as_of > a.due_on then d.entries else n.entries end as entries_at_due,
    case when a.as_of > a.due_on then d.roster_reported else n.roster_reported end as roster_reported_at_due,
    case when a.as_of > a.due_on then d.numerator else n.numerator end as numerator_at_due,
    case when a.as_of > a.due_on then d.denominator else n.denominator end as denominator_at_due
from requested_periods as a
inner join current_totals as n
    on n.target = a.target and n.period_start = a.period_start and n.period_end = a.period_end
left join due_day_totals as d on d.target = a.target and d.period_start = a.period_start and d.period_end = a.period_end
