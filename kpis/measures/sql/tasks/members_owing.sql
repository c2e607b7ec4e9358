-- one row per requested instance of one of $tasks and member of its collective lead that has not reported it done
select i.task, i.year, m.agency
from requested_instances as i
inner join lead_members as m on m.task = i.task and m.year = i.year
left join agency_statuses as o on o.task = i.task and o.year = i.year and o.agency = m.agency
where list_contains($tasks, i.task) and coalesce(o.status <> 'done', true)
