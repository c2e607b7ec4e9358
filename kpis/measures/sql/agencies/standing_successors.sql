-- one row per agency that has ended by the as-of day, with the agency that stands for it on that day
select plan, agency, successor
from known_agency_successors
where from_day <= $as_of and coalesce(until_day > $as_of, true)
