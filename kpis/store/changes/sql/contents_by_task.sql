-- one row per plan with rows, with a task in each, in a table: their number, and a sum over what they say
with owners as (
    select distinct task, plan from tasks
)

select owners.plan, count(*) as rows, sum(hash(contents)::hugeint) as said
from {table} as contents
left join owners on owners.task = contents.task
group by owners.plan
