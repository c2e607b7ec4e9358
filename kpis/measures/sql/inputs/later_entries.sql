-- one row if an agency has an entry after the as-of day in a requested period
select 1 as later
from requested_periods as a
inner join standings as s on s.target = a.target and s.period_start = a.period_start and s.period_end = a.period_end
where s.last_on > a.as_of
limit 1
