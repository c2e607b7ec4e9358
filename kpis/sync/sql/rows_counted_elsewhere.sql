-- one row per row hash that another source of the plan counts, with that source: the one taken already in this pass, or
-- the one that counted the row before this source did
with counted as (
    select source, row_hash from entries where plan = $plan and retired_at is null
    union all
    select source, row_hash from task_reports where plan = $plan and retired_at is null
),

own as (
    select row_hash from counted where source = $source
)

select row_hash, min(source) as source
from counted
where
    list_contains(cast($others as varchar[]), source)
    and row_hash in (select unnest(cast($hashes as ubigint[])))
    and (list_contains(cast($first as varchar[]), source) or row_hash not in (select row_hash from own))
group by row_hash
