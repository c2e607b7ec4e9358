-- one row per current row of a source's tab of explanations: its row hash, what the hash does not cover, and when it was
-- first recorded
select row_hash, request, answered_by, coalesce(first_recorded_at, recorded_at) as first_recorded_at
from explanations
where source = $source and retired_at is null
