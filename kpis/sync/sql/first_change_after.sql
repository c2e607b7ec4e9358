-- the first moment after an acceptance at which rows of the register of a plan were recorded; null for none
select min(recorded_at) as moment
from (
    select recorded_at from targets where plan = $plan
    union all
    select d.recorded_at
    from periods as d
    inner join targets as t on t.target = d.target
    where t.plan = $plan
    union all
    select recorded_at from tasks where plan = $plan
    union all
    select i.recorded_at
    from task_instances as i
    inner join tasks as t on t.task = i.task
    where t.plan = $plan
    union all
    select recorded_at from agencies where plan = $plan
)
where recorded_at >= $accepted_at
