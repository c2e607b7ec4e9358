-- one row per target, period and day on which its running total changed: the total at the end of that day
with counted as (
    select
        t.target, d.period_start, t.measure, e.agency, e.occurred_on, e.recorded_at, e.quantity,
        coalesce(e.denominator, 0) as denominator,
        t.measure = 'ratio' or (t.measure = 'count' and t.accumulation = 'level') as is_level
    from entries as e
    inner join targets as t on t.target = e.target
    inner join periods as d on d.target = t.target and e.occurred_on between d.period_start and d.period_end
    where e.retired_at is null and ($plans is null or list_contains($plans, t.plan))
),

-- the latest of a day is the greatest recording; on a tie the smaller value: for a ratio the smaller fraction
ordered as (
    select
        *,
        struct_pack(quantity := quantity, denominator := denominator) as value,
        struct_pack(
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

agency_days as (
    select
        target, period_start, measure, is_level, agency, occurred_on,
        count(*) as entries,
        sum(quantity) as added,
        max(quantity) >= 1 as is_done,
        arg_max(value, recency) filter (where is_level) as latest
    from ordered
    group by target, period_start, measure, is_level, agency, occurred_on
),

-- what each agency's day changes: what it adds, or by how much it moves the agency's level
changes as (
    select
        a.target, a.period_start, a.measure, a.occurred_on, a.entries,
        cast(lag(a.occurred_on) over agency_so_far is null as integer) as new_agency,
        cast(r.agency is not null as integer) as in_roster,
        case
            when a.is_level then a.latest.quantity - coalesce(lag(a.latest.quantity) over agency_so_far, 0)
            when a.measure = 'count' then a.added
            -- done once is done: only the first such day counts
            when a.is_done and not coalesce(bool_or(a.is_done) over agency_before, false)
                then case when a.measure = 'coverage' and r.agency is null then 0 else 1 end
            else 0
        end as numerator,
        a.latest.denominator - coalesce(lag(a.latest.denominator) over agency_so_far, 0) as denominator
    from agency_days as a
    left join rosters as r on r.target = a.target and r.agency = a.agency
    window
        agency_so_far as (partition by a.target, a.period_start, a.agency order by a.occurred_on),
        agency_before as (
            partition by a.target, a.period_start, a.agency order by a.occurred_on
            rows between unbounded preceding and 1 preceding
        )
),

days as (
    select
        target, period_start, measure, occurred_on as day,
        sum(entries) as entries,
        sum(new_agency) as reporting_agencies,
        sum(new_agency * in_roster) as roster_reported,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from changes
    group by target, period_start, measure, occurred_on
)

select
    target, period_start, day,
    cast(sum(entries) over so_far as bigint) as entries,
    cast(sum(reporting_agencies) over so_far as integer) as reporting_agencies,
    cast(sum(roster_reported) over so_far as integer) as roster_reported,
    case
        when measure = 'milestone' then least(sum(numerator) over so_far, 1)
        else sum(numerator) over so_far
    end as numerator,
    case when measure = 'ratio' then sum(denominator) over so_far end as denominator
from days
window so_far as (partition by target, period_start order by day)
order by period_start, target, day
