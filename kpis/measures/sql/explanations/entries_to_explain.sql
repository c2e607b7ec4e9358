-- one row per target and task of the plan that is in force on the as-of day: its titles, its first lead, and the plan's
-- focal agency
select t.target as entry, t.title_vi, t.title_en, t.lead, p.focal_agency, 0 as place, t.position
from known_targets as t
inner join known_plans as p on p.plan = t.plan
where t.plan = $plan and t.version_of is null and (t.ended_on is null or t.ended_on > $as_of)

union all

select
    t.task as entry, t.title_vi, t.title_en, coalesce(arg_min(l.agency, l.position), p.focal_agency) as lead,
    p.focal_agency, 1 as place, t.position
from known_tasks as t
inner join known_plans as p on p.plan = t.plan
left join known_task_leads as l on l.task = t.task
left join known_task_instances as i on i.task = t.task
where t.plan = $plan
group by t.task, t.title_vi, t.title_en, p.focal_agency, t.position
having not coalesce(bool_and(i.judged_until is not null and i.judged_until <= $as_of), false)
order by place, position
