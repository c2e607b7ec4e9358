-- one row per target and period of the year before with an accepted entry: its totals, and how many agencies had to report
select t.*, a.roster_size
from totals as t
inner join requested_periods as a
    on a.target = t.target and a.period_start = t.period_start and a.period_end = t.period_end
