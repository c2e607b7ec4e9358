-- one row per requested task instance and agency that is a member of its collective lead; `agency` is the one that stands for
-- it on the as-of day
select distinct i.task, i.year, i.plan, m.agency as named_agency, coalesce(s.successor, m.agency) as agency
from requested_instances as i
inner join known_task_leads as l on l.task = i.version_task
inner join known_collective_members as m on m.plan = i.plan and m.collective = l.agency
left join standing_successors as s on s.plan = i.plan and s.agency = m.agency
where l.collective
