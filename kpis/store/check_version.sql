-- one row per source whose stated number of accepted rows differs from its current rows; none in a sound version
with current_rows as (
    select source from entries where retired_at is null
    union all
    select source from task_reports where retired_at is null
),

current_counts as (
    select source, count(*) as accepted from current_rows group by source
)
select
    coalesce(source_states.source, current_counts.source) as source,
    source_states.accepted as stated,
    current_counts.accepted as counted
from source_states
full join current_counts on current_counts.source = source_states.source
where coalesce(source_states.accepted, -1) <> coalesce(current_counts.accepted, 0)
