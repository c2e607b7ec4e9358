-- one row per plan with rows, with a target in each, in a table: their number, and a sum over what they say
with owners as (
    select distinct target, plan from targets
)

select owners.plan, count(*) as rows, sum(hash(contents)::hugeint) as said
from {table} as contents
left join owners on owners.target = contents.target
group by owners.plan
