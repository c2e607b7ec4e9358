-- one row per known entry that names a shared event, of a target that adds up
select
    a.target, a.period_start, a.period_end, a.lead, a.unit, e.source, e.tab, e.row, e.row_hash, e.agency,
    coalesce(m.successor, e.agency) as answering_agency, e.occurred_on, coalesce(e.first_recorded_at, e.recorded_at) as read_at,
    e.quantity * a.unit + coalesce(e.fraction, 0) as quantity, e.content, e.shared_event
from requested_periods as a
inner join known_targets as t
    on
        t.target = a.target
        and (
            (t.measure in ('count', 'amount', 'change') and t.accumulation = 'increment')
            or (t.measure = 'coverage' and a.each > 1)
        )
inner join entries as e on e.target = a.entry_target and e.occurred_on between a.period_start and a.counted_to
left join known_agency_successors as m
    on
        m.plan = a.plan and m.agency = e.agency
        and m.from_day <= a.merged_on and coalesce(m.until_day > a.merged_on, true)
where
    e.shared_event is not null
    and e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
