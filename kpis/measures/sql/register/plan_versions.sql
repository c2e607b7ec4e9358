-- one row per accepted version of a tracked plan, in the register's order
select
    v.plan, v.version, v.document_number, v.issued_on, v.in_force_from, v.accepted_at, v.reviewer, v.judges_again,
    v.corrects, v.why
from known_plan_versions as v
inner join known_plans as p on p.plan = v.plan
inner join tracked_plans as k
    on k.plan = v.plan and k.recorded_at <= $tracked_at and (k.retired_at is null or k.retired_at > $tracked_at)
where $plans is null or list_contains($plans, v.plan)
order by p.position, v.version
