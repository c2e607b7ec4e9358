-- one row per requested task instance and agency that is a member of its collective lead
select distinct i.task, i.year, m.agency
from requested_instances as i
inner join known_task_leads as l on l.task = i.version_task
inner join known_collective_members as m on m.plan = i.plan and m.collective = l.agency
where l.collective
