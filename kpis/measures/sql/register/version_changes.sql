-- one row per entry that a version of a tracked plan changed, in the register's order
select
    c.plan, c.version, c.compared_with, c.kind, c.entry, c.title_vi, c.change, c.fields, c.measure, c.quote, c.section,
    c.page, c.line
from known_version_changes as c
inner join known_plans as p on p.plan = c.plan
inner join tracked_plans as k
    on k.plan = c.plan and k.recorded_at <= $tracked_at and (k.retired_at is null or k.retired_at > $tracked_at)
where $plans is null or list_contains($plans, c.plan)
order by p.position, c.version, c.position
