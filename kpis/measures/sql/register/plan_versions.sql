-- one row per accepted version of a plan
select
    plan, version, document_number, issued_on, in_force_from, accepted_at, reviewer, judges_again, corrects, why
from known_plan_versions
where $plans is null or list_contains($plans, plan)
order by plan, version
