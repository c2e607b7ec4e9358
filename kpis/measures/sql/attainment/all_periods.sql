-- one row per target and period, as of the period's end
select
    t.target, coalesce(t.version_of, t.target) as entry_target, t.plan, d.period_start, d.period_end, t.measure, t.lead,
    coalesce(t.named_lead, t.lead) as named_lead,
    least(d.due_on, coalesce(d.judged_until - 1, date '9999-12-31')) as merged_on,
    t.measure in ('ratio', 'milestone') or (t.measure in ('count', 'amount', 'change') and t.accumulation = 'level') as is_level,
    t.comparator in ('<=', '<') as is_ceiling,
    coalesce(t.adds_up, true) as adds_up,
    coalesce(t.each, 1) as each,
    if(t.measure in ('amount', 'change'), 1000000, 1)::bigint as unit,
    d.floor,
    d.span is null and t.recurrence in ('quarterly', 'monthly', 'half_yearly') as has_spans,
    d.period_end as counted_to,
    d.span is not null or coalesce(t.counting = 'each_year', false) as in_series,
    if(d.span is not null, make_date(year(d.period_start), 1, 1), date '0001-01-01') as series_from,
    if(d.span is not null, make_date(year(d.period_start), 12, 31), date '9999-12-31') as series_to,
    d.due_on as judged_on
from known_periods as d
inner join known_targets as t on t.target = d.target
