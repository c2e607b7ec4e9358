-- one row per target and agency: a plain group-by of the rows that attainment counts
select target, agency, count(*) as entries, sum(quantity) as quantity, sum(denominator) as denominator, max(occurred_on) as last_on
from entries
where
    retired_at is null
    and occurred_on <= $as_of
    and (
        occurred_on >= $year_start
        or target in (select target from periods where period_start < $year_start and period_end >= $year_start)
    )
group by target, agency
