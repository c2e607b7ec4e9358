-- gives periods of before format 3 the floor of their target, and the years in which they are asked for
update periods set floor = t.floor, asked_from = year(periods.period_start), asked_to = year(periods.period_end)
from targets as t
where t.target = periods.target and periods.asked_from is null
