-- one row per target and Sunday that stands twice in the weeks, is no Sunday, or is later than the last one written; none
-- in a sound version
select target, sunday, count(*) as times
from weekly
group by target, sunday, period_start, period_end
having
    count(*) > 1
    or isodow(sunday) <> 7
    or sunday > coalesce((select cast(max(value) as date) from meta where key = 'weeks_until'), date '0001-01-01')
