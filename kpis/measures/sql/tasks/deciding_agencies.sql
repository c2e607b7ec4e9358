-- one row per task and agency that the plan names and whose report decides: every single lead, and the focal department of a
-- collective lead; `agency` is the one that stands for it on the as-of day
with deciding_pairs as (
    select l.task, l.agency
    from known_task_leads as l
    where not l.collective
    union
    select i.task, i.focal_agency
    from requested_instances as i
    left join known_task_leads as l on l.task = i.task
    where coalesce(l.collective, true)
)

select
    p.task, t.plan, p.agency as named_agency, coalesce(s.successor, p.agency) as agency,
    count(*) over (partition by p.task) as deciding
from deciding_pairs as p
inner join known_tasks as t on t.task = p.task
left join standing_successors as s on s.plan = t.plan and s.agency = p.agency
