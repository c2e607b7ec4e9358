-- one row per task and agency whose report decides: every single lead, and the focal department of a collective lead
with deciding_pairs as (
    select l.task, l.agency
    from known_task_leads as l
    where not l.collective
    union
    select i.task, i.focal_agency
    from requested_instances as i
    left join known_task_leads as l on l.task = i.task
    where coalesce(l.collective, true)
)

select task, agency, count(*) over (partition by task) = 1 as decides_alone
from deciding_pairs
