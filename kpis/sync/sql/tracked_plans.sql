-- one row per plan and time that it was tracked
select plan, recorded_at, retired_at
from tracked_plans
order by recorded_at, plan
