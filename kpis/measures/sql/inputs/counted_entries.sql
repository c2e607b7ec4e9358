-- one row per current entry that counts in a requested period of a target, under the agency that answers for it, the
-- latest first; `total` is how many there are
with counted as (
    select
        e.*, a.entry_target, a.measure, coalesce(m.successor, e.agency) as answering_agency
    from requested_periods as a
    inner join entries as e
        on
            e.target = a.entry_target and e.retired_at is null
            and e.occurred_on between a.period_start and a.counted_to
    left join known_agency_successors as m
        on
            m.plan = a.plan and m.agency = e.agency
            and m.from_day <= a.merged_on and coalesce(m.until_day > a.merged_on, true)
    where
        a.span is null
        and (
            a.adds_up or e.agency = a.named_lead
            or exists (
                select 1
                from known_agency_successors as l
                where
                    l.plan = a.plan and l.agency = a.named_lead and l.successor = e.agency
                    and e.occurred_on >= l.from_day
            )
        )
        and ($target is null or a.entry_target = $target)
        and ($agency is null or coalesce(m.successor, e.agency) = $agency)
)

select
    c.entry_target as target, t.title_vi, t.title_en, c.measure, t.unit_vi, t.unit_en, c.agency, c.occurred_on,
    c.quantity, c.fraction, c.denominator, c.content, c.evidence, c.entered_by, c.source, c.tab, c.row, c.recorded_at,
    count(*) over () as total
from counted as c
inner join known_targets as t on t.target = c.entry_target
order by c.occurred_on desc, c.recorded_at desc, c.row desc, target, c.agency
limit $max_rows
