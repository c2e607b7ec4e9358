-- one row per target, period and agency with an accepted entry: its totals as of the day and as of the due day
-- (`sums_around_due`: each agency's totals up to the day it is judged on, and after it)
with sums_around_due as (
    select
        a.target, a.period_start, a.period_end, k.agency,
        k.occurred_on <= a.judged_on as by_due,
        sum(if(a.adds_up or k.agency = a.lead, k.reports, 0)) as entries,
        sum(k.quantity * a.unit + k.fraction) as added,
        max(k.occurred_on) as last_on,
        min(k.occurred_on) filter (where k.quantity >= 1) as done_on,
        coalesce(bool_or(k.confirmed and k.quantity >= 1), false) as is_confirmed_done
    from requested_periods as a
    inner join known_entries as k
        on
            k.target = a.target and k.occurred_on between a.period_start and a.counted_to
            and coalesce(k.period_start = a.period_start and k.period_end = a.period_end, true)
    group by a.target, a.period_start, a.period_end, k.agency, by_due
),

agency_sums as (
    select
        target, period_start, period_end, agency,
        sum(entries) as entries,
        sum(added) as added,
        max(last_on) as last_on,
        min(done_on) as done_on,
        bool_or(is_confirmed_done) as is_confirmed_done,
        coalesce(bool_or(is_confirmed_done) filter (where by_due), false) as is_confirmed_done_at_due,
        coalesce(sum(entries) filter (where by_due), 0) as entries_at_due,
        sum(added) filter (where by_due) as added_at_due,
        max(last_on) filter (where by_due) as last_on_at_due
    from sums_around_due
    group by target, period_start, period_end, agency
),

-- each agency's last day with an entry, up to now and up to the due day: the latest value of a level is of that day
last_days as (
    select s.target, s.period_start, s.period_end, s.agency, s.last_on as last_on, a.unit, a.is_ceiling, false as is_at_due
    from agency_sums as s
    inner join requested_periods as a on a.target = s.target and a.is_level
    union all
    select s.target, s.period_start, s.period_end, s.agency, s.last_on_at_due as last_on, a.unit, a.is_ceiling, true as is_at_due
    from agency_sums as s
    inner join requested_periods as a on a.target = s.target and a.is_level
    where s.last_on_at_due is not null
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
)

select
    s.target, s.period_start, s.period_end, s.agency, r.agency is not null as in_roster, s.entries, s.entries_at_due,
    s.last_on, s.done_on,
    case
        -- done while its latest entry says so; a 0 does not withdraw a confirmed 1
        when a.measure = 'milestone' then cast(s.is_confirmed_done or n.entry.quantity >= 1 as integer)
        -- a rate does not add up: the lead's own value counts
        when a.measure = 'carried' or (not a.adds_up and s.agency <> a.lead) then 0
        when a.is_level then n.entry.quantity
        when a.measure <> 'coverage' then s.added
        else cast(s.added >= a.each and r.agency is not null as integer)
    end as numerator,
    case when a.measure = 'ratio' then n.entry.denominator end as denominator,
    case
        when a.measure = 'milestone'
            then cast(s.is_confirmed_done_at_due or coalesce(d.entry.quantity >= 1, false) as integer)
        when a.measure = 'carried' or (not a.adds_up and s.agency <> a.lead) then 0
        when a.is_level then d.entry.quantity
        when a.measure <> 'coverage' then s.added_at_due
        else cast(coalesce(s.added_at_due, 0) >= a.each and r.agency is not null as integer)
    end as numerator_at_due,
    case when a.measure = 'ratio' then d.entry.denominator end as denominator_at_due
from agency_sums as s
inner join requested_periods as a
    on a.target = s.target and a.period_start = s.period_start and a.period_end = s.period_end
left join known_rosters as r on r.target = s.target and r.agency = s.agency
left join latest_levels as n
    on
        n.target = s.target and n.period_start = s.period_start and n.period_end = s.period_end
        and n.agency = s.agency and not n.is_at_due
left join latest_levels as d
    on
        d.target = s.target and d.period_start = s.period_start and d.period_end = s.period_end
        and d.agency = s.agency and d.is_at_due
