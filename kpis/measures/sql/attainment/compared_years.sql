-- one row per requested period whose change is compared with the final figure of the year before, with what that figure
-- must be a figure of
select
    a.target, a.entry_target, a.period_start, a.period_end, a.measure, t.indicator, t.unit_vi, t.accumulation
from requested_periods as a
inner join known_targets as t on t.target = a.target
where a.measure = 'change' and a.baseline is null and a.in_force and a.as_of >= a.period_start
