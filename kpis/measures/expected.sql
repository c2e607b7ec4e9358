-- one row per subject: what should have been reached by its as-of day, as a fraction of its floor and in whole units
with pace as (
    select
        s.target, s.period_start, s.agency, s.as_of, s.measure,
        cast(s.floor * 1000000 as hugeint) as floor_millionths,
        case
            when s.as_of < s.period_start then 0
            when s.as_of >= s.due_on then 1
            when s.pace = 'linear' then s.as_of - s.period_start
            when s.pace = 'quarterly'
                then quarters.by_tomorrow - quarters.at_start
            -- tied to one day (on:MM-DD) of the period's last year, compared as texts: 29 February may not exist
            when year(s.as_of) = year(s.period_end) and strftime(s.as_of, '%m-%d') >= substr(s.pace, 4) then 1
            else 0
        end as pace_part,
        case
            when s.as_of < s.period_start or s.as_of >= s.due_on then 1
            when s.pace = 'linear' then s.due_on - s.period_start
            when s.pace = 'quarterly' then quarters.at_end - quarters.at_start
            else 1
        end as pace_whole
    from subjects as s
    cross join lateral (
        select
            4 * year(s.period_start) + quarter(s.period_start) as at_start,
            4 * year(s.as_of + 1) + quarter(s.as_of + 1) as by_tomorrow,
            4 * year(s.period_end + 1) + quarter(s.period_end + 1) as at_end
    ) as quarters
)

select
    target, period_start, agency, as_of, floor_millionths,
    cast(pace_part as bigint) as pace_part,
    cast(pace_whole as bigint) as pace_whole,
    case
        when measure in ('count', 'milestone')
            then floor_millionths * pace_part // (cast(pace_whole as hugeint) * 1000000)
    end as expected_whole
from pace
