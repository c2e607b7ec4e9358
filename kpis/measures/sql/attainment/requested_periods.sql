-- one row per target and period of a tracked plan that contains the requested year, with what its status is decided by
select
    t.target, coalesce(t.version_of, t.target) as entry_target, t.plan, d.period_start, d.period_end, d.due_on,
    t.measure, t.comparator, d.floor, t.pace, t.lead, coalesce(t.named_lead, t.lead) as named_lead,
    t.population, t.roster_size,
    -- the agencies that stand for others are those of this day: of the days that this copy of the target judges each has
    -- the same ones, and a period keeps those of its due day
    least(d.due_on, coalesce(d.judged_until - 1, date '9999-12-31')) as merged_on,
    t.measure in ('ratio', 'coverage') as is_proportion,
    t.comparator in ('<=', '<') as is_ceiling,
    t.measure in ('ratio', 'milestone') or (t.measure in ('count', 'amount', 'change') and t.accumulation = 'level') as is_level,
    coalesce(t.adds_up, true) as adds_up,
    coalesce(t.each, 1) as each,
    -- quantities are counted in millionths where they may have decimals
    if(t.measure in ('amount', 'change'), 1000000, 1)::bigint as unit,
    d.span,
    -- the whole year of a target that is judged by its quarters, months or half-years
    d.span is null and t.recurrence in ('quarterly', 'monthly', 'half_yearly') as has_spans,
    coalesce(d.paced_from, d.period_start) as paced_from,
    coalesce(d.in_force, true) as in_force,
    t.due_after_days,
    d.baseline,
    d.baseline_year,
    cast($as_of as date) as as_of,
    least($as_of, d.period_end) as counted_to,
    -- a running total may go on from one span of a year to the next, and through a table of yearly amounts
    d.span is not null or coalesce(t.counting = 'each_year', false) as in_series,
    case
        when d.span is not null then make_date(year(d.period_start), 1, 1)
        when in_series then date '0001-01-01'
        else d.period_start
    end as series_from,
    least(
        $as_of,
        case
            when d.span is not null then make_date(year(d.period_start), 12, 31)
            when in_series then date '9999-12-31'
            else d.period_end
        end
    ) as series_to,
    least($as_of, d.due_on) as judged_on
from known_periods as d
inner join known_targets as t on t.target = d.target
inner join known_plans as p on p.plan = t.plan
inner join tracked_plans as k
    on k.plan = t.plan and k.recorded_at <= $tracked_at and (k.retired_at is null or k.retired_at > $tracked_at)
where
    $year between d.asked_from and d.asked_to
    and ($plans is null or list_contains($plans, t.plan))
    and ($targets is null or list_contains($targets, t.target) or list_contains($targets, t.version_of))
    -- of a plan with several versions, the one that judges the period on this day
    and (d.judged_from is null or d.judged_from <= $as_of)
    and (d.judged_until is null or d.judged_until > $as_of)
