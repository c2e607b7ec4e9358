-- one row per target of the plans and agency with a share of its own
select s.target, s.agency, s.share
from known_shares as s
inner join known_targets as t on t.target = s.target
where $plans is null or list_contains($plans, t.plan)
