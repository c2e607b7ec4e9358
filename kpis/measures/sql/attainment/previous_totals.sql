-- one row per requested calendar year with an entry: its totals, how many have to report, and what it is a figure of, as
-- the version of the plan has it that judged it
select
    n.*, a.entry_target, a.roster_size, a.measure, t.indicator, t.unit_vi, t.accumulation
from totals as n
inner join requested_periods as a
    on a.target = n.target and a.period_start = n.period_start and a.period_end = n.period_end
inner join known_targets as t on t.target = a.target
where a.span is null and a.period_start = make_date($year, 1, 1) and a.period_end = make_date($year, 12, 31)
