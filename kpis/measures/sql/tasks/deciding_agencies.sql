-- one row per requested task instance and agency whose report decides: every single lead, and the focal department of a
-- collective lead
with deciding_pairs as (
    select i.task, i.year, l.agency
    from requested_instances as i
    inner join known_task_leads as l on l.task = i.version_task
    where not l.collective
    union
    select i.task, i.year, i.focal_agency
    from requested_instances as i
    left join known_task_leads as l on l.task = i.version_task
    where coalesce(l.collective, true)
)

select task, year, agency, count(*) over (partition by task, year) = 1 as decides_alone
from deciding_pairs
