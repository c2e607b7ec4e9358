-- one row per target, period and day on which its total changed: the total from that day until the next such day
with counted_entries as not materialized (
    select
        t.target, t.plan, d.period_start, d.period_end, e.agency, e.occurred_on as day, e.read_at, e.denominator,
        e.confirmed,
        -- what a predecessor reported is counted for the agency that stands for it on the days that are judged
        coalesce(m.successor, e.agency) as answering_agency,
        e.quantity * if(t.measure in ('amount', 'change'), 1000000, 1) + e.fraction as quantity,
        t.measure = 'milestone' as is_milestone,
        coalesce(t.comparator in ('<=', '<'), false) as is_ceiling,
        t.measure in ('ratio', 'milestone') or (t.measure in ('count', 'amount', 'change') and t.accumulation = 'level') as is_level,
        coalesce(t.each, 1) as each,
        -- a rate does not add up: the value of the agency that led on that day counts
        if(
            coalesce(t.adds_up, true) or e.agency = coalesce(t.named_lead, t.lead)
            or coalesce(e.occurred_on >= l.from_day, false),
            e.reports, 0
        ) as reports
    from known_entries as e
    inner join known_targets as t on t.target = e.target
    inner join known_periods as d
        on
            d.target = t.target and e.occurred_on between d.period_start and d.period_end
            and coalesce(e.period_start = d.period_start and e.period_end = d.period_end, true)
    left join known_agency_successors as m
        on
            m.plan = t.plan and m.agency = e.agency
            and m.from_day <= least(d.due_on, coalesce(d.judged_until - 1, date '9999-12-31'))
            and coalesce(m.until_day > least(d.due_on, coalesce(d.judged_until - 1, date '9999-12-31')), true)
    left join known_agency_successors as l
        on not t.adds_up and l.plan = t.plan and l.agency = t.named_lead and l.successor = e.agency
),

daily_sums as (
    select target, period_start, period_end, day, sum(reports) as entries, sum(quantity) as added
    from counted_entries
    group by target, period_start, period_end, day
),

-- the first day on which an agency reported, and the first on which it reported at least 1 where once is enough
first_days as (
    select
        c.target, c.period_start, c.period_end, r.agency is not null as in_roster,
        min(c.day) as first_on,
        min(c.day) filter (where c.quantity >= 1 and c.each = 1) as done_on
    from counted_entries as c
    left join known_rosters as r on r.target = c.target and r.agency = c.answering_agency
    where c.reports > 0
    group by c.target, c.period_start, c.period_end, c.answering_agency, r.agency
),

-- the last entry of a day is the one recorded last; on a tie the smaller value counts (of a ratio the smaller fraction),
-- of a ceiling the larger. A milestone is 1 or 0: a 0 does not withdraw a confirmed 1
daily_levels as (
    select
        target, plan, period_start, period_end, agency, day, denominator,
        coalesce(is_milestone and bool_or(confirmed and quantity >= 1) over so_far, false) as is_confirmed_done,
        case
            when not is_milestone then quantity
            when quantity >= 1 or is_confirmed_done then 1
            else 0
        end as quantity
    from counted_entries
    where is_level and reports > 0
    window so_far as (partition by target, period_start, period_end, agency order by day)
    qualify
        row_number() over (
            partition by target, period_start, period_end, agency, day
            order by
                read_at desc,
                if(is_ceiling, -1, 1) * case
                    when denominator > 0 then cast(quantity as hugeint) * 1000000000000000000 // denominator
                    when denominator = 0 then 0
                    else cast(quantity as hugeint)
                end,
                quantity,
                denominator desc
        ) = 1
),

-- the first level of a successor replaces those of its predecessors, but for a confirmed 1 of a milestone
replaced_levels as (
    select
        p.target, p.period_start, p.period_end, p.agency, min(x.day) as day, 0 as denominator,
        cast(bool_or(p.is_confirmed_done) as integer) as quantity
    from daily_levels as p
    inner join known_agency_successors as r on r.plan = p.plan and r.agency = p.agency
    inner join daily_levels as x
        on
            x.target = p.target and x.period_start = p.period_start and x.period_end = p.period_end
            and x.agency = r.successor and x.day >= r.from_day
    group by p.target, p.period_start, p.period_end, p.agency
),

all_levels as (
    select target, period_start, period_end, agency, day, denominator, quantity
    from daily_levels
    union all
    select target, period_start, period_end, agency, day, denominator, quantity
    from replaced_levels
),

-- by how much each day changes an agency's level
level_changes as (
    select
        target, period_start, period_end, day,
        quantity - coalesce(lag(quantity) over so_far, 0) as quantity,
        denominator - coalesce(lag(denominator) over so_far, 0) as denominator
    from all_levels
    window so_far as (partition by target, period_start, period_end, agency order by day)
),

-- on which days an agency of the roster reaches, or no longer reaches, the number that each has to reach
daily_members as (
    select
        c.target, c.period_start, c.period_end, c.answering_agency as agency, c.day, c.each, sum(c.quantity) as added
    from counted_entries as c
    inner join known_rosters as r on r.target = c.target and r.agency = c.answering_agency
    where c.each > 1
    group by c.target, c.period_start, c.period_end, c.answering_agency, c.day, c.each
),

members_done as (
    select *, cast(sum(added) over so_far >= each as integer) as done
    from daily_members
    window so_far as (partition by target, period_start, period_end, agency order by day)
),

member_changes as (
    select target, period_start, period_end, day, done - coalesce(lag(done) over so_far, 0) as done
    from members_done
    window so_far as (partition by target, period_start, period_end, agency order by day)
),

total_changes as (
    select
        target, period_start, period_end, day, entries, added,
        0 as reporting, 0 as roster_reporting, 0 as doing, 0 as roster_doing, 0 as level, 0 as base
    from daily_sums
    union all
    select target, period_start, period_end, first_on, 0, 0, 1, cast(in_roster as integer), 0, 0, 0, 0
    from first_days
    union all
    select target, period_start, period_end, done_on, 0, 0, 0, 0, 1, cast(in_roster as integer), 0, 0
    from first_days
    where done_on is not null
    union all
    select target, period_start, period_end, day, 0, 0, 0, 0, 0, 0, quantity, denominator
    from level_changes
    union all
    select target, period_start, period_end, day, 0, 0, 0, 0, 0, done, 0, 0
    from member_changes
),

changes_by_day as (
    select
        c.target, c.period_start, c.period_end, c.day, t.measure, t.accumulation, d.due_on,
        sum(c.entries) as entries, sum(c.added) as added, sum(c.reporting) as reporting,
        sum(c.roster_reporting) as roster_reporting, sum(c.doing) as doing,
        sum(c.roster_doing) as roster_doing, sum(c.level) as level, sum(c.base) as base
    from total_changes as c
    inner join known_targets as t on t.target = c.target
    inner join known_periods as d on d.target = c.target and d.period_start = c.period_start and d.period_end = c.period_end
    group by c.target, c.period_start, c.period_end, c.day, t.measure, t.accumulation, d.due_on
),

cumulative_totals as (
    select
        target, period_start, period_end, due_on, day, measure,
        lead(day, 1, date '9999-12-31') over so_far as until,
        cast(sum(entries) over so_far as bigint) as entries,
        cast(sum(reporting) over so_far as integer) as reporting_agencies,
        cast(sum(roster_reporting) over so_far as integer) as roster_reported,
        case
            when measure = 'milestone' then least(sum(level) over so_far, 1)
            when measure = 'coverage' then sum(roster_doing) over so_far
            when measure = 'carried' then 0
            when measure = 'ratio' or accumulation = 'level' then sum(level) over so_far
            else sum(added) over so_far
        end as numerator,
        sum(base) over so_far as denominator
    from changes_by_day
    window so_far as (partition by target, period_start, period_end order by day)
)

-- (a sum too large for a bigint becomes the largest bigint, so that absurd values in a sheet cannot stop a publication)
select
    target, period_start, period_end, day, until,
    day <= due_on and due_on < until as stood_when_due,
    entries, reporting_agencies, roster_reported,
    cast(least(numerator, 9223372036854775807) as bigint) as numerator,
    cast(case when measure = 'ratio' then least(denominator, 9223372036854775807) end as bigint) as denominator
from cumulative_totals
