-- retires plans that are no longer tracked
update tracked_plans set retired_at = $at
where retired_at is null and list_contains($plans, plan)
