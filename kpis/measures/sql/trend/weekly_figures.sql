-- one row per Sunday: a target's figures as they were known, and which version of its plan judged it
select
    sunday, [plan] as plans, [coalesce(plan_version, 1)] as versions, measure, status, actual, expected
from weekly
where sunday between $first_sunday and $as_of and target = $target and list_contains($plans, plan)
