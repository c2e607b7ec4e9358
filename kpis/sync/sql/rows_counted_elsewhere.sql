-- one row per row hash that another source of the plan counts, with that source; a row that this source counts too is
-- included only if the other source precedes it (`first`)
with counted_rows as (
    select source, row_hash from entries where plan = $plan and retired_at is null
    union all
    select source, row_hash from task_reports where plan = $plan and retired_at is null
),

own_hashes as (
    select row_hash from counted_rows where source = $source
)

select row_hash, min(source) as source
from counted_rows
where
    list_contains(cast($others as varchar[]), source)
    and row_hash in (select unnest(cast($hashes as ubigint[])))
    and (list_contains(cast($first as varchar[]), source) or row_hash not in (select row_hash from own_hashes))
group by row_hash
