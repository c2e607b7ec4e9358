-- one row per known task report of an agency: its day, under the agency that stands for it on the as-of day
select t.plan, coalesce(s.successor, k.agency) as agency, k.occurred_on as day
from known_reports as k
inner join known_tasks as t on t.task = k.task
left join standing_successors as s on s.plan = t.plan and s.agency = k.agency
where k.agency is not null
