-- one row per requested target and period that may have a doubt, as published
select a.target, a.period_start
from requested_periods as a
inner join doubtful_periods as d on d.target = a.target and d.period_start = a.period_start
