-- one row per source whose state does not add up with its current rows; none in a sound version
with current_rows as (
    select source from entries where retired_at is null
    union all
    select source from task_reports where retired_at is null
),
counted as (
    select source, count(*) as accepted from current_rows group by source
)
select
    coalesce(source_states.source, counted.source) as source,
    source_states.accepted as stated,
    counted.accepted as counted
from source_states
full join counted on counted.source = source_states.source
where coalesce(source_states.accepted, -1) <> coalesce(counted.accepted, 0)
