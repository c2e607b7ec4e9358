-- one row per agency and agency that stands for it on a day: of a chain the later ones too
select
    s.plan,
    s.agency,
    s.successor
from known_agency_successors as s
where s.from_day <= $as_of
order by s.plan, s.agency, s.from_day
