-- one row per source with current rows: how many are accepted, warned and rejected
with current_rows as (
    select source, row_hash, 'accepted' as outcome from entries where retired_at is null
    union all
    select source, row_hash, 'accepted' from task_reports where retired_at is null
    union all
    select distinct source, row_hash, 'warned' from warnings where retired_at is null
    union all
    select distinct source, row_hash, 'rejected' from rejections where retired_at is null
)

select
    source,
    count(*) filter (where outcome = 'accepted') as accepted,
    count(*) filter (where outcome = 'warned') as warned,
    count(*) filter (where outcome = 'rejected') as rejected
from current_rows
group by source
