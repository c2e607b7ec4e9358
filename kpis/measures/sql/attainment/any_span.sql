-- one row if a target is, or was ever, judged by quarters, months or half-years
select 1 as found
from periods
where span is not null
limit 1
