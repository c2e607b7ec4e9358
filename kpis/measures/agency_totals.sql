-- one row per target, period and agency with an accepted entry: what it brought, as of the day and as of the due day
with counted as (
    select
        a.target, a.period_start, a.measure, a.is_level, e.agency, e.occurred_on, e.recorded_at,
        e.quantity, coalesce(e.denominator, 0) as denominator,
        a.judged_on < a.counted_to and e.occurred_on <= a.judged_on as by_due
    from asked as a
    inner join entries as e on e.target = a.target and e.occurred_on between a.period_start and a.counted_to
    where
        ($known_at is null and e.retired_at is null)
        or (e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at))
),

-- the latest entry is the greatest (day, recording); on a tie the smaller value: for a ratio the smaller fraction
ordered as (
    select
        *,
        struct_pack(quantity := quantity, denominator := denominator) as value,
        struct_pack(
            occurred_on := occurred_on,
            recorded_at := recorded_at,
            smaller := case
                when measure <> 'ratio' then -cast(quantity as hugeint)
                when denominator = 0 then 0
                else -(cast(quantity as hugeint) * 1000000000000000000 // denominator)
            end,
            fewer := -quantity,
            denominator := denominator
        ) as recency
    from counted
),

per_agency as (
    select
        target, period_start, agency,
        count(*) as entries,
        sum(quantity) as added,
        max(quantity) as largest,
        arg_max(value, recency) filter (where is_level) as latest,
        count(*) filter (where by_due) as entries_at_due,
        sum(quantity) filter (where by_due) as added_at_due,
        max(quantity) filter (where by_due) as largest_at_due,
        arg_max(value, recency) filter (where is_level and by_due) as latest_at_due,
        min(struct_pack(occurred_on := occurred_on, recorded_at := recorded_at))
            filter (where measure = 'milestone' and quantity >= 1) as done_first
    from ordered
    group by target, period_start, agency
)

select
    g.target, g.period_start, g.agency, r.agency is not null as in_roster, g.entries, g.done_first,
    case
        when a.is_level then g.latest.quantity
        when a.measure = 'count' then g.added
        when a.measure = 'milestone' then cast(g.largest >= 1 as integer)
        else cast(g.largest >= 1 and r.agency is not null as integer)
    end as numerator,
    case when a.measure = 'ratio' then g.latest.denominator end as denominator,
    case when a.judged_on < a.counted_to then g.entries_at_due else g.entries end as entries_at_due,
    case
        when a.judged_on >= a.counted_to then numerator
        when a.is_level then g.latest_at_due.quantity
        when a.measure = 'count' then g.added_at_due
        when a.measure = 'milestone' then cast(g.largest_at_due >= 1 as integer)
        else cast(g.largest_at_due >= 1 and r.agency is not null as integer)
    end as numerator_at_due,
    case
        when a.judged_on >= a.counted_to then denominator
        when a.measure = 'ratio' then g.latest_at_due.denominator
    end as denominator_at_due
from per_agency as g
inner join asked as a on a.target = g.target and a.period_start = g.period_start
left join rosters as r on r.target = g.target and r.agency = g.agency
