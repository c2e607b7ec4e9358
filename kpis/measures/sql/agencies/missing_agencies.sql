-- one row per requested target and roster agency that has not done its part: no entry, or for a coverage none of at
-- least 1
select a.entry_target as target, r.agency, n.position
from requested_periods as a
inner join known_targets as t on t.target = a.target
inner join known_rosters as r on r.target = a.target
left join agency_totals as g
    on g.target = a.target and g.period_start = a.period_start and g.period_end = a.period_end and g.agency = r.agency
left join known_agencies as n on n.plan = t.plan and n.agency = r.agency
where
    (g.agency is null or (a.measure = 'coverage' and g.numerator = 0))
    -- of spans the running one
    and not a.has_spans and (a.span is null or a.as_of between a.period_start and a.period_end)
