-- one row per accepted entry that counts, the latest first
select
    e.target, t.title_vi, t.title_en, t.indicator, t.measure, t.unit_vi, t.unit_en, e.agency, e.occurred_on,
    e.quantity, e.denominator, e.content, e.evidence, e.entered_by, e.source, e.tab, e.row, e.recorded_at
from entries as e
inner join targets as t on t.target = e.target
where
    e.retired_at is null
    and e.plan = $plan
    and e.occurred_on <= $as_of
    and ($target is null or e.target = $target)
    and ($agency is null or e.agency = $agency)
order by e.occurred_on desc, e.recorded_at desc, e.row desc, e.target, e.agency
limit $most
