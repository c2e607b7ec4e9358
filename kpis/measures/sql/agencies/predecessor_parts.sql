-- one row per requested target, period and agency that an agency has followed: what the former one added to its figure
select
    a.entry_target as target, a.period_start, a.period_end, m.successor as agency, k.agency as predecessor,
    cast(sum(k.quantity * a.unit + k.fraction) as hugeint) as added, a.unit
from requested_periods as a
inner join known_agency_successors as m
    on m.plan = a.plan and m.from_day <= a.merged_on and coalesce(m.until_day > a.merged_on, true)
inner join known_entries as k
    on
        k.target = a.target and k.agency = m.agency and k.occurred_on between a.period_start and a.counted_to
        and coalesce(k.period_start = a.period_start and k.period_end = a.period_end, true)
where a.measure in ('count', 'amount', 'change') and not a.is_level and ($agency is null or m.successor = $agency)
group by a.entry_target, a.period_start, a.period_end, m.successor, k.agency, a.unit
having added > 0
