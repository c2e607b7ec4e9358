-- one row per agency with a current entry or a task report in the last $silent_days days, as it stands on the as-of day
select e.plan, coalesce(s.successor, e.agency) as agency
from (
    select distinct plan, agency
    from entries
    where retired_at is null and occurred_on between cast($as_of as date) - $silent_days + 1 and $as_of
) as e
left join standing_successors as s on s.plan = e.plan and s.agency = e.agency
union
select plan, agency
from report_days
where day between cast($as_of as date) - $silent_days + 1 and $as_of
