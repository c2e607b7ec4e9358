-- one row per current sheet row that is no data, in the sheets' order
select r.source, r.plan, r.tab, r.row, r.reason as code, r.value, r.row_hash, r.recorded_at
from set_aside_rows as r
inner join tracked_plans as k on k.plan = r.plan and k.retired_at is null
left join known_plans as p on p.plan = r.plan
where r.retired_at is null and ($plan is null or r.plan = $plan)
order by p.position, r.source, r.tab, r.row
