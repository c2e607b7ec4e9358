-- one row per target and period that may have a doubt, as published
select d.target, d.period_start
from doubtful_periods as d
inner join targets as t on t.target = d.target
where
    ($plans is null or list_contains($plans, t.plan))
    and ($targets is null or list_contains($targets, t.target))
    and year(d.period_start) <= $year
    and d.period_start <= $as_of
