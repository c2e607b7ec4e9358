-- one row per source, target and year of its current entries: the totals that appear in its feedback
select source, target, year(occurred_on) as "year"
from entries
where retired_at is null
group by source, target, "year"
order by source, target, "year"
