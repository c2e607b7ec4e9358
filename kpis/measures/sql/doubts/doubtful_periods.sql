-- one row per target and period some of whose entries may be read in two ways on some day: a superset, found cheaply;
-- `may_be_similar`: it may have rows that are the same event if their contents or evidence are alike; `is_doubtful`: it
-- has other entries that may be in doubt
with period_entries as not materialized (
    select
        a.target, a.period_start, a.period_end, e.agency, e.occurred_on, e.content, e.evidence,
        e.shared_event, e.is_struck, e.sums_own_column, e.swapped_on,
        e.quantity * a.unit + coalesce(e.fraction, 0) as quantity,
        (t.measure in ('count', 'amount', 'change') and t.accumulation = 'increment')
        or (t.measure = 'coverage' and a.each > 1) as is_increment
    from requested_periods as a
    inner join known_targets as t on t.target = a.target
    inner join entries as e on e.target = a.entry_target and e.occurred_on between a.period_start and a.counted_to
    where
        a.floor is not null and not a.has_spans
        and e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
),

daily_quantities as (
    select
        target, period_start, period_end, agency, occurred_on,
        sum(quantity) as added, min(quantity) as least, max(quantity) as most
    from period_entries
    where is_increment
    group by target, period_start, period_end, agency, occurred_on
),

running_totals as (
    select
        *,
        sum(added) over (partition by target, period_start, period_end order by occurred_on) as total,
        least < most or least < coalesce(lag(most) over by_day, 0) as is_fall
    from daily_quantities
    window by_day as (partition by target, period_start, period_end, agency order by occurred_on)
),

-- each agency's days until its quantities first fall, or differ within one day; `reduced` is the target's total with its
-- largest quantity instead of their sum
rising_days as (
    select
        target, period_start, period_end, agency,
        max(most) over by_day as largest,
        min(least) over by_day < largest as has_risen,
        sum(added) over by_day as own,
        total - own + largest as reduced
    from running_totals
    window by_day as (partition by target, period_start, period_end, agency order by occurred_on)
    qualify not bool_or(is_fall) over by_day
),

increment_totals as (
    select target, period_start, period_end, sum(added) as added
    from daily_quantities
    group by target, period_start, period_end
),

own_totals as (
    select target, period_start, period_end, agency, sum(added) as own
    from daily_quantities
    group by target, period_start, period_end, agency
),

-- the days of a year of spans, or of a table of yearly amounts, through which a running total may go on
series_days as (
    select
        s.target, s.series_from, e.agency, e.occurred_on,
        min(e.quantity * s.unit + coalesce(e.fraction, 0)) as least,
        max(e.quantity * s.unit + coalesce(e.fraction, 0)) as most,
        bool_or(e.shared_event is not null) as names_event,
        bool_or(
            regexp_matches(
                strip_accents(lower(e.content)), 'luy[^a-z]*k[ei]|cong[^a-z]*don|tong[^a-z]*so[^a-z]*[dđðɖ]en'
            )
        ) as names_running_total
    from (
        select distinct target, entry_target, series_from, series_to, unit
        from requested_periods
        where in_series and floor is not null
    ) as s
    inner join entries as e on e.target = s.entry_target and e.occurred_on between s.series_from and s.series_to
    where e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
    group by s.target, s.series_from, e.agency, e.occurred_on
),

falls_and_rises as (
    select
        *,
        least < most or least < coalesce(lag(most) over by_day, 0) as is_fall,
        min(least) over by_day < max(most) over by_day as has_risen
    from series_days
    window by_day as (partition by target, series_from, agency order by occurred_on)
),

agency_series as (
    select
        target, series_from, agency,
        min(occurred_on) filter (where is_fall) as falls_on,
        min(occurred_on) filter (where has_risen) as rises_on,
        bool_or(names_running_total) as is_named,
        bool_or(bool_or(names_event)) over (partition by target, series_from) as has_events
    from falls_and_rises
    group by target, series_from, agency
),

-- (what is in doubt of an agency that was merged or renamed, or that stands for another, is found for the day asked)
merged_agencies as (
    select plan, agency
    from known_agency_successors
    union
    select plan, successor
    from known_agency_successors
),

candidates as (
    select target, period_start, period_end
    from period_entries
    where
        is_struck or swapped_on is not null
        or (
            is_increment
            and (
                sums_own_column or shared_event is not null
                or regexp_matches(
                    strip_accents(lower(content)), 'luy[^a-z]*k[ei]|cong[^a-z]*don|tong[^a-z]*so[^a-z]*[dđðɖ]en'
                )
            )
        )
    union
    select r.target, r.period_start, r.period_end
    from rising_days as r
    -- (of a change both directions: its figure is a base of the next year)
    inner join known_targets as t on t.target = r.target and (t.comparator in ('>=', '>') or t.measure = 'change')
    inner join requested_periods as a
        on a.target = r.target and a.period_start = r.period_start and a.period_end = r.period_end
    inner join increment_totals as s
        on s.target = r.target and s.period_start = r.period_start and s.period_end = r.period_end
    left join known_shares as h on h.target = r.target and h.agency = r.agency
    left join merged_agencies as n on n.plan = a.plan and n.agency = r.agency
    where
        (r.has_risen and (r.largest >= 5 or a.unit > 1) or n.agency is not null)
        and (
            n.agency is not null
            or (r.reduced <= a.floor * a.unit and s.added >= a.floor * a.unit)
            or (r.largest <= h.share * a.unit and r.own >= h.share * a.unit)
            or t.measure = 'change'
            or (t.measure = 'coverage' and r.largest < a.each and r.own >= a.each)
        )
    union
    select o.target, o.period_start, o.period_end
    from own_totals as o
    inner join requested_periods as a
        on a.target = o.target and a.period_start = o.period_start and a.period_end = o.period_end and a.in_series
    inner join known_targets as t on t.target = o.target
    inner join agency_series as r on r.target = a.target and r.series_from = a.series_from and r.agency = o.agency
    inner join increment_totals as s
        on s.target = o.target and s.period_start = o.period_start and s.period_end = o.period_end
    left join known_shares as h on h.target = o.target and h.agency = o.agency
    left join merged_agencies as n on n.plan = a.plan and n.agency = o.agency
    where
        r.has_events or r.is_named or n.agency is not null
        or (
            (t.comparator in ('>=', '>') or t.measure = 'change')
            and (r.falls_on is null or (r.falls_on > o.period_start and r.falls_on > r.rises_on))
            and r.rises_on is not null
            and (
                t.measure = 'change' or s.added >= a.floor * a.unit or o.own >= h.share * a.unit
                or (t.measure = 'coverage' and o.own >= a.each)
            )
        )
),

-- rows of one agency, day and quantity
repeated as (
    select distinct target, period_start, period_end
    from period_entries
    where is_increment and quantity > 0 and content is not null
    group by target, period_start, period_end, agency, occurred_on, quantity
    having count(*) > 1
),

-- rows of different agencies within a day of each other

neighbours as (
    select
        e.target, e.period_start, e.period_end,
        e.agency <> lag(e.agency) over by_day and e.occurred_on - lag(e.occurred_on) over by_day <= 1 as is_beside
    from period_entries as e
    inner join known_targets as t on t.target = e.target
    inner join known_indicators as i on i.indicator = t.indicator and i.joint
    where e.is_increment and e.quantity > 0 and (e.content is not null or e.evidence is not null)
    window by_day as (partition by e.target, e.period_start, e.period_end order by e.occurred_on, e.agency)
)

select
    t.plan, c.target, c.period_start, c.period_end, bool_or(c.may_be_similar) as may_be_similar,
    not bool_and(c.may_be_similar) as is_doubtful
from (
    select target, period_start, period_end, false as may_be_similar
    from candidates
    union all
    select target, period_start, period_end, true
    from repeated
    union all
    select target, period_start, period_end, true
    from neighbours
    where is_beside
) as c
inner join known_targets as t on t.target = c.target
group by t.plan, c.target, c.period_start, c.period_end
