-- one row per plan that was tracked at the moment
select distinct plan
from tracked_plans
where recorded_at <= $tracked_at and (retired_at is null or retired_at > $tracked_at)
