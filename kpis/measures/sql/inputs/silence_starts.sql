-- one row per plan, with the earliest day from which a silence is counted: nobody owes a report before the plan is issued
select plan, coalesce(issued_on, date '0001-01-01') as earliest_on
from known_plans
