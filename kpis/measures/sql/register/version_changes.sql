-- one row per entry that a version of a plan changed
select c.plan, c.version, c.compared_with, c.kind, c.entry, c.title_vi, c.change, c.fields, c.measure, c.quote, c.section,
    c.page, c.line
from known_version_changes as c
where $plans is null or list_contains($plans, c.plan)
order by c.plan, c.version, c.position
