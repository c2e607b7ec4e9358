-- one row per requested task instance and agency that the plan names and whose report decides: every single lead, and the
-- focal department of a collective lead; `agency` is the one that stands for it on the as-of day
with deciding_pairs as (
    select i.task, i.year, i.plan, l.agency
    from requested_instances as i
    inner join known_task_leads as l on l.task = i.version_task
    where not l.collective
    union
    select i.task, i.year, i.plan, i.focal_agency
    from requested_instances as i
    left join known_task_leads as l on l.task = i.version_task
    where coalesce(l.collective, true)
),

pair_counts as (
    select task, year, count(*) as deciding
    from deciding_pairs
    group by task, year
)

select
    p.task, p.year, p.plan, p.agency as named_agency, coalesce(s.successor, p.agency) as agency,
    n.deciding
from deciding_pairs as p
inner join pair_counts as n on n.task = p.task and n.year = p.year
left join standing_successors as s on s.plan = p.plan and s.agency = p.agency
