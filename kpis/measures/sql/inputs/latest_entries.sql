-- one row per current entry, the latest first; limited before the join, which then touches few rows
with latest as (
    select *
    from entries
    where
        retired_at is null
        and ($plans is null or list_contains($plans, plan))
        and occurred_on <= $as_of
        and ($target is null or target = $target)
        and ($agencies is null or list_contains($agencies, agency))
    order by occurred_on desc, recorded_at desc, row desc, target, agency
    limit $max_rows
)

select
    e.target, t.title_vi, t.title_en, t.indicator, t.measure, t.unit_vi, t.unit_en, e.agency, e.occurred_on,
    e.quantity, e.fraction, e.denominator, e.content, e.evidence, e.entered_by, e.source, e.tab, e.row, e.recorded_at
from latest as e
inner join known_targets as t on t.target = e.target
order by e.occurred_on desc, e.recorded_at desc, e.row desc, e.target, e.agency
