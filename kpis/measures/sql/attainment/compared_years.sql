-- one row per requested period whose change is compared with the final figure of the year before
select target, period_start, period_end
from requested_periods
where measure = 'change' and baseline is null and in_force and as_of >= period_start
