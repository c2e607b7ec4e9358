-- one row per tracked plan, in the register's order, with how many targets and annex tasks it has
select
    p.plan, p.place, p.province, p.kind, p.place_suffix, p.number, p.issued_on, p.title_vi, p.title_en, p.start_year,
    p.end_year, coalesce(p.end_year, p.shown_to) as last_year, p.reporting_days, p.focal_agency,
    (select count(*) from known_targets as t where t.plan = p.plan and t.version_of is null) as targets,
    (select count(*) from known_tasks as k where k.plan = p.plan and k.version_of is null) as tasks
from known_plans as p
inner join tracked_plans as k on k.plan = p.plan and k.retired_at is null
where $plan is null or p.plan = $plan
order by p.position
