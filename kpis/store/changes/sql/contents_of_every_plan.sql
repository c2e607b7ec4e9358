-- one row for a table that tells no plan: the number of its rows, and a sum over what they say
select null::varchar as plan, count(*) as rows, sum(hash(contents)::hugeint) as said
from {table} as contents
