-- one row if a target is a change that is compared with the year before
select 1 as found
from known_targets as t
inner join known_periods as d on d.target = t.target
where t.measure = 'change' and d.baseline is null
limit 1
