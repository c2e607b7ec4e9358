-- one row per plan with rows in a table that is no history: their number, and a sum over what they hold
select held.plan, count(*) as rows, sum(hash(held)::hugeint)::varchar as checksum
from {table} as held
group by held.plan
