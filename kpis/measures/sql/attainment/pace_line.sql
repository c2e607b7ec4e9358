-- one row per target asked for and day at which its pace bends, with the exact expected value there, not rounded
select
    target, period_start, as_of as day,
    cast(floor_millionths * pace_part as double) / cast(1000000 * pace_whole as double) as value
from expected_values
