-- one row per row hash that another source of the plan counts, with that source; a row that this source counts too is
-- included only if the other source precedes it (`first`) or recorded it earlier
with counted_rows as (
    select source, row_hash, recorded_at from entries where plan = $plan and retired_at is null
    union all
    select source, row_hash, recorded_at from task_reports where plan = $plan and retired_at is null
),

own_rows as (
    select row_hash, recorded_at from counted_rows where source = $source
)

select c.row_hash, min(c.source) as source
from counted_rows as c
left join own_rows as o on o.row_hash = c.row_hash
where
    list_contains(cast($others as varchar[]), c.source)
    and c.row_hash in (select unnest(cast($hashes as ubigint[])))
    and (o.row_hash is null or list_contains(cast($first as varchar[]), c.source) or c.recorded_at < o.recorded_at)
group by c.row_hash
