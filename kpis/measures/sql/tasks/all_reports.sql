-- one row per known task report of all years up to the day, of the one plan and perhaps of an agency, which has what its
-- predecessors reported (one that has ended: what it reported itself); `total` is how many there are
select
    k.task, t.title_vi, t.title_en, k.agency, k.status, k.occurred_on, k.result, k.evidence, k.difficulty, k.source,
    k.tab, k."row", k.recorded_at,
    count(*) over () as total
from known_reports as k
inner join known_tasks as t on t.task = k.task
left join standing_successors as s on s.plan = t.plan and s.agency = k.agency
where
    ($plans is null or list_contains(cast($plans as varchar[]), t.plan))
    and k.occurred_on <= $as_of
    and ($agency is null or $agency in (k.agency, coalesce(s.successor, k.agency)))
