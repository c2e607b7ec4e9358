-- one row per current answer to a request of a plan: its source, its row hash, the request, when it was recorded
select source, row_hash, request, recorded_at
from explanations
where plan = $plan and retired_at is null and request is not null and answer is not null
