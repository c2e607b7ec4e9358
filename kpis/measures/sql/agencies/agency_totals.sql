-- one row per target, period and agency that answers for an accepted entry: its totals as of the day and as of the due day
-- (`sums_around_due`: the totals of each agency that reported, up to the day it is judged on, and after it; what a
-- predecessor reported is counted under its own name, then under that of the agency that answers for it)
with sums_around_due as (
    select
        a.target, a.period_start, a.period_end, k.agency,
        k.occurred_on <= a.judged_on as by_due,
        -- a rate does not add up: the value of the agency that led on that day counts
        a.adds_up or k.agency = a.named_lead or coalesce(k.occurred_on >= l.from_day, false) as is_counted,
        sum(k.reports) as entries,
        sum(k.quantity * a.unit + k.fraction) as added,
        max(k.occurred_on) as last_on,
        min(k.occurred_on) filter (where k.quantity >= 1) as done_on,
        coalesce(bool_or(k.confirmed and k.quantity >= 1), false) as is_confirmed_done
    from requested_periods as a
    inner join known_entries as k
        on
            k.target = a.target and k.occurred_on between a.period_start and a.counted_to
            and coalesce(k.period_start = a.period_start and k.period_end = a.period_end, true)
    left join known_agency_successors as l
        on not a.adds_up and l.plan = a.plan and l.agency = a.named_lead and l.successor = k.agency
    group by a.target, a.period_start, a.period_end, k.agency, by_due, is_counted
),

agency_sums as (
    select
        target, period_start, period_end, agency,
        coalesce(sum(entries) filter (where is_counted), 0) as entries,
        sum(added) as added,
        max(last_on) as last_on,
        max(last_on) filter (where is_counted) as level_on,
        min(done_on) as done_on,
        bool_or(is_confirmed_done) as is_confirmed_done,
        coalesce(bool_or(is_confirmed_done) filter (where by_due), false) as is_confirmed_done_at_due,
        coalesce(sum(entries) filter (where by_due and is_counted), 0) as entries_at_due,
        sum(added) filter (where by_due) as added_at_due,
        max(last_on) filter (where by_due and is_counted) as level_on_at_due
    from sums_around_due
    group by target, period_start, period_end, agency
),

-- each agency's last day with an entry, up to now and up to the due day: the latest value of a level is of that day
last_days as (
    select s.target, s.period_start, s.period_end, s.agency, s.level_on as last_on, a.unit, a.is_ceiling, false as is_at_due
    from agency_sums as s
    inner join requested_periods as a on a.target = s.target and a.is_level
    where s.level_on is not null
    union all
    select s.target, s.period_start, s.period_end, s.agency, s.level_on_at_due as last_on, a.unit, a.is_ceiling, true as is_at_due
    from agency_sums as s
    inner join requested_periods as a on a.target = s.target and a.is_level
    where s.level_on_at_due is not null
),

-- the latest entry is the greatest (occurred_on, recorded_at); on a tie the smaller value counts (of a ratio the
-- smaller fraction), of a ceiling the larger
latest_levels as (
    select
        l.target, l.period_start, l.period_end, l.agency, l.is_at_due,
        arg_max(
            struct_pack(
                quantity := k.quantity * l.unit + k.fraction, denominator := coalesce(k.denominator, 0)
            ),
            struct_pack(
                read_at := k.read_at,
                weaker := if(l.is_ceiling, -1, 1) * case
                    when k.denominator > 0 then -(cast(k.quantity as hugeint) * 1000000000000000000 // k.denominator)
                    when k.denominator = 0 then 0
                    else -cast(k.quantity * l.unit + k.fraction as hugeint)
                end,
                fewer := -k.quantity,
                denominator := coalesce(k.denominator, 0)
            )
        ) as entry
    from last_days as l
    inner join known_entries as k
        on
            k.target = l.target and k.agency = l.agency and k.occurred_on = l.last_on
            and coalesce(k.period_start = l.period_start and k.period_end = l.period_end, true)
    group by l.target, l.period_start, l.period_end, l.agency, l.is_at_due
),

-- the first level of a successor replaces those of its predecessors
replaced_levels as (
    select
        s.target, s.period_start, s.period_end, s.agency,
        bool_or(x.level_on >= r.from_day) as is_replaced,
        coalesce(bool_or(x.level_on_at_due >= r.from_day), false) as is_replaced_at_due
    from agency_sums as s
    inner join requested_periods as a
        on a.target = s.target and a.period_start = s.period_start and a.period_end = s.period_end and a.is_level
    inner join known_agency_successors as r on r.plan = a.plan and r.agency = s.agency
    inner join agency_sums as x
        on
            x.target = s.target and x.period_start = s.period_start and x.period_end = s.period_end
            and x.agency = r.successor
    group by s.target, s.period_start, s.period_end, s.agency
),

own_figures as (
    select
        s.target, s.period_start, s.period_end, a.measure, a.is_level, a.each, s.entries, s.entries_at_due, s.last_on,
        s.done_on, s.added, s.added_at_due, s.is_confirmed_done, s.is_confirmed_done_at_due,
        coalesce(m.successor, s.agency) as agency,
        if(coalesce(p.is_replaced, false), 0, n.entry.quantity) as level,
        if(coalesce(p.is_replaced, false), 0, n.entry.denominator) as base,
        if(coalesce(p.is_replaced_at_due, false), 0, d.entry.quantity) as level_at_due,
        if(coalesce(p.is_replaced_at_due, false), 0, d.entry.denominator) as base_at_due
    from agency_sums as s
    inner join requested_periods as a
        on a.target = s.target and a.period_start = s.period_start and a.period_end = s.period_end
    left join known_agency_successors as m
        on
            m.plan = a.plan and m.agency = s.agency
            and m.from_day <= a.merged_on and coalesce(m.until_day > a.merged_on, true)
    left join replaced_levels as p
        on
            p.target = s.target and p.period_start = s.period_start and p.period_end = s.period_end
            and p.agency = s.agency
    left join latest_levels as n
        on
            n.target = s.target and n.period_start = s.period_start and n.period_end = s.period_end
            and n.agency = s.agency and not n.is_at_due
    left join latest_levels as d
        on
            d.target = s.target and d.period_start = s.period_start and d.period_end = s.period_end
            and d.agency = s.agency and d.is_at_due
),

figures as (
    select
        target, period_start, period_end, agency, measure, is_level, each,
        sum(entries) as entries, sum(entries_at_due) as entries_at_due, max(last_on) as last_on,
        min(done_on) as done_on, sum(added) as added, sum(added_at_due) as added_at_due,
        -- done while the latest entry of any of them says so; a 0 does not withdraw a confirmed 1
        bool_or(is_confirmed_done or coalesce(level >= 1, false)) as is_done,
        bool_or(is_confirmed_done_at_due or coalesce(level_at_due >= 1, false)) as is_done_at_due,
        sum(level) as level, sum(base) as base, sum(level_at_due) as level_at_due, sum(base_at_due) as base_at_due
    from own_figures
    group by target, period_start, period_end, agency, measure, is_level, each
)

select
    f.target, f.period_start, f.period_end, f.agency, r.agency is not null as in_roster, f.entries, f.entries_at_due,
    f.last_on, f.done_on,
    case
        when f.measure = 'milestone' then cast(f.is_done as integer)
        when f.measure = 'carried' then 0
        when f.is_level then coalesce(f.level, 0)
        when f.measure <> 'coverage' then f.added
        else cast(f.added >= f.each and r.agency is not null as integer)
    end as numerator,
    case when f.measure = 'ratio' then f.base end as denominator,
    case
        when f.measure = 'milestone' then cast(f.is_done_at_due as integer)
        when f.measure = 'carried' then 0
        when f.is_level then f.level_at_due
        when f.measure <> 'coverage' then f.added_at_due
        else cast(coalesce(f.added_at_due, 0) >= f.each and r.agency is not null as integer)
    end as numerator_at_due,
    case when f.measure = 'ratio' then f.base_at_due end as denominator_at_due
from figures as f
left join known_rosters as r on r.target = f.target and r.agency = f.agency
