-- one row per name under which what an agency without a recent report has done may stand in the entries: its own, and
-- those of all agencies that were merged or renamed, since the figures of one may rest on the entries of others
select s.agency
from requested_periods as a
inner join standings as s on s.target = a.target and s.period_start = a.period_start and s.period_end = a.period_end
left join recent_reporters as r on r.plan = a.plan and r.agency = s.agency
where r.agency is null
union
select agency from known_agency_successors
union
select successor from known_agency_successors
