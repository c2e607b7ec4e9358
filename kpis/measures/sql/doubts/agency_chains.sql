-- one row per agency that has ended and agency that has stood for it since some day
select plan, agency, successor, from_day
from known_agency_successors
order by plan, agency, from_day
