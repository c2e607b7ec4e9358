-- one row per plan with rows, with a target in each, in a table that is no history: as by plan
with owners as (
    select distinct target, plan from targets
)

select owners.plan, count(*) as rows, sum(hash(held)::hugeint)::varchar as checksum
from {table} as held
left join owners on owners.target = held.target
group by owners.plan
