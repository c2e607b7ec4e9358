-- one row per entry that may be in doubt, and of a figure that adds up (`is_narrowed`) one without a `row_hash` per
-- agency and side of the due day, with the sum and number of the others (`may_run`: its entries may be a running total,
-- and all of them are here; of a period with a shared event, or which the register had otherwise then, all are)
with narrowed_periods as (
    select target, period_start, period_end
    from doubtful_entries
    where
        adds_up
        and (
            (measure in ('count', 'amount', 'change') and accumulation = 'increment')
            or (measure = 'coverage' and each > 1)
        )
        and target not in (select target from targets where recorded_at > $known_at or retired_at > $known_at)
        and target not in (select target from periods where recorded_at > $known_at or retired_at > $known_at)
        and indicator not in (select indicator from indicators where recorded_at > $known_at or retired_at > $known_at)
    group by target, period_start, period_end
    having count(shared_event) = 0
),

daily_quantities as (
    select
        s.target, s.period_start, s.period_end, s.plan, s.agency, s.occurred_on,
        s.occurred_on between s.period_start and s.period_end as is_inside,
        s.occurred_on <= s.judged_on as is_by_due,
        min(s.quantity) as least, max(s.quantity) as most,
        bool_or(
            regexp_matches(
                strip_accents(lower(s.content)), 'luy[^a-z]*k[ei]|cong[^a-z]*don|tong[^a-z]*so[^a-z]*[dđðɖ]en'
            )
        ) as names_running_total
    from doubtful_entries as s
    inner join narrowed_periods as n
        on n.target = s.target and n.period_start = s.period_start and n.period_end = s.period_end
    group by s.target, s.period_start, s.period_end, s.plan, s.agency, s.occurred_on, is_inside, is_by_due
),

falls as (
    select
        *,
        least < most or least < coalesce(lag(most) over in_series, least) as is_fall,
        least < most or least < coalesce(lag(most) over in_period, least) as is_fall_in_period
    from daily_quantities
    window
        in_series as (partition by target, period_start, period_end, agency order by occurred_on),
        in_period as (partition by target, period_start, period_end, agency, is_inside order by occurred_on)
),

-- the agencies whose entries may be a running total: by a row that says so, or since they never fall and rise, in the
-- whole series or in the period up to the day it is judged on
running_agencies as (
    select target, period_start, period_end, agency
    from falls
    group by target, period_start, period_end, plan, agency
    having
        bool_or(names_running_total)
        or (min(least) < max(most) and not bool_or(is_fall))
        or (
            min(least) filter (where is_inside) < max(most) filter (where is_inside)
            and not coalesce(bool_or(is_fall_in_period) filter (where is_inside and is_by_due), false)
        )
        -- (an agency that was merged or renamed, or that stands for another)
        or (plan, agency) in (select (plan, agency) from known_agency_successors)
        or (plan, agency) in (select (plan, successor) from known_agency_successors)
),

-- days with an entry that has been retired since: what is published of similar rows says nothing of those beside it
disturbed_days as (
    select distinct target, occurred_on
    from (
        select target, unnest([occurred_on - 1, occurred_on, occurred_on + 1]) as occurred_on
        from entries
        where retired_at > $known_at and recorded_at <= $known_at
    )
),

looked_at as (
    select
        s.* exclude (is_narrowed, may_run),
        n.target is not null as is_narrowed,
        r.agency is not null as may_run,
        s.occurred_on between s.period_start and s.period_end as is_inside,
        s.occurred_on <= s.judged_on as is_by_due,
        n.target is null or r.agency is not null
        or (
            s.occurred_on between s.period_start and s.period_end
            and (
                s.is_struck or s.sums_own_column or s.swapped_on is not null
                or m.row_hash is not null or d.target is not null or s.retired_at is not null
            )
        ) as may_be_in_doubt
    from doubtful_entries as s
    left join narrowed_periods as n
        on n.target = s.target and n.period_start = s.period_start and n.period_end = s.period_end
    left join running_agencies as r
        on
            r.target = s.target and r.period_start = s.period_start and r.period_end = s.period_end
            and r.agency = s.agency
    left join (select distinct target, period_start, period_end, source, row_hash from similar_rows) as m
        on
            m.target = s.target and m.period_start = s.period_start and m.period_end = s.period_end
            and m.source = s.source and m.row_hash = s.row_hash
    left join disturbed_days as d on d.target = s.entry_target and d.occurred_on = s.occurred_on
)

select
    target, plan, merged_on, period_start, period_end, measure, accumulation, comparator, lead, as_of, floor,
    is_previous_year, judged_on, due_on, unit, each, in_series, is_joint, is_narrowed, may_run, agency, occurred_on,
    quantity, 1 as entries, source, tab, row, row_hash, read_at, denominator, content, evidence, shared_event,
    confirmed, sums_own_column, is_struck, swapped_on
from looked_at
where may_be_in_doubt
union all
select
    target, plan, merged_on, period_start, period_end, measure, accumulation, comparator, lead, as_of, floor,
    is_previous_year, judged_on, due_on, unit, each, in_series, is_joint, true, false, agency, max(occurred_on),
    sum(quantity), count(*), null, null, null, null, null, null, null, null, null,
    null, null, null, null
from looked_at
where is_inside and not may_be_in_doubt
group by
    target, plan, merged_on, period_start, period_end, measure, accumulation, comparator, lead, as_of, floor,
    is_previous_year, judged_on, due_on, unit, each, in_series, is_joint, agency, is_by_due
