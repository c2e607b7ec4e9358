-- one row per known entry of the given targets up to the day, with what decides whether it is in doubt; for a span of a
-- year or a year of a table, also the entries of the others, since a running total may go on from one to the next
select
    a.target, a.plan, a.merged_on, a.period_start, a.period_end, a.measure, t.accumulation, a.comparator, a.lead,
    a.as_of,
    -- what the figure must reach; null for a change that has nothing to be compared with
    case
        when a.measure <> 'change' then a.floor
        else coalesce(a.baseline, cast(p.figure as decimal(24, 0)) * 0.000001) * (1 + a.floor)
    end as floor,
    cast($is_previous_year as boolean) as is_previous_year,
    a.judged_on, a.due_on, a.unit, a.each, a.in_series, coalesce(i.joint, false) as is_joint,
    e.source, e.tab, e.row, e.row_hash, e.agency, e.occurred_on,
    coalesce(e.first_recorded_at, e.recorded_at) as read_at,
    e.quantity * a.unit + coalesce(e.fraction, 0) as quantity, e.denominator, e.content, e.evidence, e.shared_event,
    coalesce(e.confirmed, false) as confirmed,
    coalesce(e.sums_own_column, false) as sums_own_column,
    coalesce(e.is_struck, false) as is_struck,
    e.swapped_on,
    1 as entries, false as is_narrowed, true as may_run, a.entry_target, a.adds_up, t.indicator, e.retired_at
from requested_periods as a
inner join known_targets as t on t.target = a.target
left join known_indicators as i on i.indicator = t.indicator
left join previous_figures as p
    on p.target = a.target and p.period_start = a.period_start and p.period_end = a.period_end
inner join entries as e on e.target = a.entry_target and e.occurred_on between a.series_from and a.series_to
where e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
