-- one row per target, period and agency with an accepted entry: its totals, as published
select
    s.*, r.agency is not null as in_roster
from requested_periods as a
inner join standings as s on s.target = a.target and s.period_start = a.period_start and s.period_end = a.period_end
left join known_rosters as r on r.target = s.target and r.agency = s.agency
