-- one row per subject, with the expected value on its as-of day: as a fraction of the floor, and in whole units
with dated_subjects as (
    select
        *,
        -- (as decimal(18, 6) the product overflows from a floor of 1,000,000 on; a hugeint holds what follows for every
        -- floor and quantity that the register and the checks accept)
        cast(cast(floor as decimal(38, 6)) * 1000000 as hugeint) as floor_millionths,
        as_of < paced_from as is_before,
        -- entries count to the end of the period, so the whole is expected then, though it is due later
        least(due_on, period_end) as whole_on,
        as_of >= whole_on as is_due,
        4 * year(period_start) + quarter(period_start) as first_quarter,
        4 * year(as_of + 1) + quarter(as_of + 1) as tomorrows_quarter,
        4 * year(period_end + 1) + quarter(period_end + 1) as next_quarter
    from subjects
),

paced_subjects as (
    select
        *,
        cast(case
            when is_before then 0
            when is_due then 1
            when pace = 'linear' then as_of - paced_from
            when pace = 'quarterly' then tomorrows_quarter - first_quarter
            -- on:MM-DD, a day of the period's last year; compared as texts, since 29 February may not exist
            when year(as_of) = year(period_end) and strftime(as_of, '%m-%d') >= substr(pace, 4) then 1
            else 0
        end as hugeint) as pace_part,
        cast(case
            when is_before or is_due then 1
            when pace = 'linear' then whole_on - paced_from
            when pace = 'quarterly' then next_quarter - first_quarter
            else 1
        end as hugeint) as pace_whole
    from dated_subjects
)

select
    * exclude (is_before, is_due, whole_on, first_quarter, tomorrows_quarter, next_quarter),
    case when measure in ('count', 'milestone') then floor_millionths * pace_part // (1000000 * pace_whole) end as expected_whole
from paced_subjects
