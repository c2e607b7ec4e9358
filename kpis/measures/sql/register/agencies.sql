-- one row per agency of a plan that can report by itself
select agency
from known_agencies
where plan = $plan and not collective
