-- one row per plan with rows in a table: their number, and a sum over what they say
select contents.plan, count(*) as rows, sum(hash(contents)::hugeint) as said
from {table} as contents
group by contents.plan
