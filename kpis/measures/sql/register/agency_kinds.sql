-- one row per agency of the requested plans that can report by itself, with its kind and its place in the plan
select plan, agency, kind, position
from known_agencies
where not collective and ($plans is null or list_contains($plans, plan))
