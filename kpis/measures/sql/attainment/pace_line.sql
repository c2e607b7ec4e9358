-- one row per requested target and day on which its pace line bends, with the exact expected value, not rounded;
-- of a change as a figure
select
    target, period_start, period_end, as_of as day,
    cast(
        coalesce(start_millionths, 0) * pace_whole + (floor_millionths - coalesce(start_millionths, 0)) * pace_part
        as double
    ) / cast(1000000 * pace_whole as double) * if(measure = 'change', cast(base as double) / 1000000, 1) as value,
    cast(coalesce(start_millionths, 0) as double) / 1000000
    * if(measure = 'change', cast(base as double) / 1000000, 1) as starts_at
from expected_values
