-- one row per current entry of all years up to the day, the latest first; `total` is how many there are
select
    e.target, t.title_vi, t.title_en, t.measure, t.unit_vi, t.unit_en, e.agency, e.occurred_on, e.quantity, e.fraction,
    e.denominator, e.content, e.evidence, e.entered_by, e.source, e.tab, e.row, e.recorded_at,
    count(*) over () as total
from entries as e
inner join known_targets as t on t.target = e.target
where
    e.retired_at is null
    and ($plans is null or list_contains($plans, e.plan))
    and e.occurred_on <= $as_of
    and ($target is null or e.target = $target)
    and ($agencies is null or list_contains($agencies, e.agency))
order by e.occurred_on desc, e.recorded_at desc, e.row desc, e.target, e.agency
limit $max_rows
