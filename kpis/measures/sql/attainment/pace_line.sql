-- one row per requested target and day on which its pace line bends, with the exact expected value, not rounded
select
    target, period_start, period_end, as_of as day,
    cast(floor_millionths * pace_part as double) / cast(1000000 * pace_whole as double) as value
from expected_values
