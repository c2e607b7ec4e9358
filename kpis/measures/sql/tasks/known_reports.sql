-- one row per known task report, with the day it occurs on (Ngày hoàn thành, else the day it was first recorded), the agency
-- whose report it is on that day, and that agency's position in the plan
with first_reads as (
    select source, row_hash, min(recorded_at) as first_recorded_at
    from task_reports
    group by source, row_hash
),

dated_reports as (
    select
        r.plan, r.task, r.agency, r.status, r.result, r.evidence, r.difficulty, r.recorded_at,
        r.source, r.tab, r."row",
        -- Việt Nam keeps UTC+7 all year round
        coalesce(r.finished_on, cast(f.first_recorded_at + interval 7 hours as date)) as occurred_on
    from task_reports as r
    inner join first_reads as f on f.source = r.source and f.row_hash = r.row_hash
    where r.recorded_at <= $known_at and (r.retired_at is null or r.retired_at > $known_at)
)

select
    r.* exclude (plan) replace (coalesce(s.successor, r.agency) as agency),
    -- on a tie the less advanced status counts
    case r.status when 'not_started' then 3 when 'paused' then 2 when 'in_progress' then 1 else 0 end as caution,
    a.position as agency_position
from dated_reports as r
left join known_agency_successors as s
    on
        s.plan = r.plan and s.agency = r.agency
        and s.from_day <= r.occurred_on and coalesce(s.until_day > r.occurred_on, true)
left join known_agencies as a on a.plan = r.plan and a.agency = coalesce(s.successor, r.agency)
