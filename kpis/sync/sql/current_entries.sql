-- one row per current entry of a source: its row hash, what the hash does not cover, and when it was first recorded
select
    row_hash, denominator, coalesce(confirmed, false) as confirmed, coalesce(sums_own_column, false) as sums_own_column,
    coalesce(is_struck, false) as is_struck, swapped_on, coalesce(first_recorded_at, recorded_at) as first_recorded_at
from entries
where source = $source and retired_at is null
