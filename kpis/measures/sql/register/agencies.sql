-- one row per agency of a plan that can report by itself, with the day from which another one stands for it
select agency, successor_from
from known_agencies
where plan = $plan and not collective
