-- one row per task and agency that is a member of the task's collective lead
select distinct l.task, m.agency
from task_leads as l
inner join tasks as t on t.task = l.task
inner join collective_members as m on m.plan = t.plan and m.collective = l.agency
where l.collective
