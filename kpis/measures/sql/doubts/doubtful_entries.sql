-- one row per known entry of the given targets up to the day, with what decides whether it is in doubt
select
    a.target, a.period_start, a.period_end, a.measure, t.accumulation, a.comparator, a.floor, a.lead, a.as_of,
    a.judged_on, a.due_on, a.unit, a.each, coalesce(i.joint, false) as is_joint,
    e.source, e.tab, e.row, e.row_hash, e.agency, e.occurred_on,
    coalesce(e.first_recorded_at, e.recorded_at) as read_at,
    e.quantity * a.unit + coalesce(e.fraction, 0) as quantity, e.denominator, e.content, e.evidence, e.shared_event,
    coalesce(e.confirmed, false) as confirmed,
    coalesce(e.sums_own_column, false) as sums_own_column,
    coalesce(e.is_struck, false) as is_struck,
    e.swapped_on
from requested_periods as a
inner join known_targets as t on t.target = a.target
left join known_indicators as i on i.indicator = t.indicator
inner join entries as e on e.target = a.target and e.occurred_on between a.period_start and a.counted_to
where e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
