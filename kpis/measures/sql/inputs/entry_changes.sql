-- one row per entry that a sync after the first of its source recorded (`is_new`) or retired, the latest first
with first_syncs as (
    select source, min(recorded_at) as first_at
    from entries
    group by source
),

changes as (
    select e.*, e.recorded_at as changed_at, true as is_new
    from entries as e
    inner join first_syncs as f on f.source = e.source and e.recorded_at > f.first_at
    union all
    select e.*, e.retired_at as changed_at, false as is_new
    from entries as e
    where e.retired_at is not null
)

select
    target, agency, occurred_on, quantity, fraction, denominator, content, evidence, source, tab, row, row_hash,
    changed_at, is_new
from changes
where
    ($plans is null or list_contains($plans, plan))
    and target = $target
    and ($agencies is null or list_contains($agencies, agency))
order by changed_at desc, source, tab, agency, target, is_new, row
limit $max_rows
