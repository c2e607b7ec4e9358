-- one row per requested target and agency with a share of its own
select s.target, s.agency, s.share
from known_shares as s
inner join requested_periods as a on a.target = s.target
