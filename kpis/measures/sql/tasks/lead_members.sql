-- one row per task and agency that is a member of the task's collective lead; `agency` is the one that stands for it on the
-- as-of day
select distinct l.task, t.plan, m.agency as named_agency, coalesce(s.successor, m.agency) as agency
from known_task_leads as l
inner join known_tasks as t on t.task = l.task
inner join known_collective_members as m on m.plan = t.plan and m.collective = l.agency
left join standing_successors as s on s.plan = t.plan and s.agency = m.agency
where l.collective
