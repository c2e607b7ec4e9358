-- one row per agency for which another one stands on the as-of day: that one
select plan, agency, successor
from known_agency_successors
where from_day <= $as_of and (until_day is null or until_day > $as_of)
