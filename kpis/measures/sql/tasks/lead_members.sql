-- one row per task and agency that is a member of the task's collective lead
select distinct l.task, m.agency
from known_task_leads as l
inner join known_tasks as t on t.task = l.task
inner join known_collective_members as m on m.plan = t.plan and m.collective = l.agency
where l.collective
