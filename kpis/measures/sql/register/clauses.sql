-- one row per clause of a target or task of a tracked plan, in the order of the document
select c.entry, c.quote, c.section, c.page, c.line
from known_clauses as c
inner join tracked_plans as k on k.plan = c.plan and k.retired_at is null
where $plan is null or c.plan = $plan
order by c.position
