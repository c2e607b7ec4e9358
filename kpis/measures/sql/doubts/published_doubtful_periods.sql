-- one row per target and period that may have a doubt, as published
select plan, target, period_start, period_end
from doubtful_periods
