-- one row per target or task and agency of its roster or collective lead that has no entry or report yet
select r.target as entry, r.agency, min(n.position) as position
from known_rosters as r
inner join known_targets as t on t.target = r.target and t.plan = $plan
left join known_agencies as n on n.plan = t.plan and n.agency = r.agency
left join entries as e on e.target = r.target and e.agency = r.agency and e.retired_at is null
where e.agency is null
group by r.target, r.agency

union all

select l.task as entry, m.agency, min(n.position) as position
from known_task_leads as l
inner join known_tasks as t on t.task = l.task and t.plan = $plan
inner join known_collective_members as m on m.plan = t.plan and m.collective = l.agency
left join known_agencies as n on n.plan = t.plan and n.agency = m.agency
left join task_reports as p on p.task = l.task and p.agency = m.agency and p.retired_at is null
where l.collective and p.agency is null
group by l.task, m.agency
order by entry, position
