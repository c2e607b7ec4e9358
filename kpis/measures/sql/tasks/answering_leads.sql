-- one row per requested task as a version of its plan has it, role and agency that has it on the as-of day: those that the
-- plan names, or the agencies that stand for them, each once, in the order in which the plan names them
with named_agencies as (
    select task, 'lead' as role, agency, position
    from known_task_leads
    union all
    select task, 'coordinator' as role, agency, position
    from known_task_coordinators
)

select n.task, n.role, coalesce(s.successor, n.agency) as agency, min(n.position) as position
from named_agencies as n
inner join known_tasks as t on t.task = n.task
left join standing_successors as s on s.plan = t.plan and s.agency = n.agency
group by n.task, n.role, coalesce(s.successor, n.agency)
