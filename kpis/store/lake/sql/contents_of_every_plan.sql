-- one row for a table that is no history: the number of its rows, and a sum over what they hold
select null::varchar as plan, count(*) as rows, sum(hash(held)::hugeint)::varchar as checksum
from {table} as held
