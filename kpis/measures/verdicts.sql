-- one row per subject: a target's period, or one agency's part in it, with its figures and its status
with figures as (
    select
        s.*, x.floor_millionths, x.pace_part, x.pace_whole, x.expected_whole,
        coalesce(t.entries, 0) as entries,
        coalesce(t.reporting_agencies, 0) as reporting_agencies,
        coalesce(t.roster_reported, 0) as roster_reported,
        cast(coalesce(t.numerator, 0) as hugeint) as numerator,
        cast(coalesce(t.adds, 0) as hugeint) as adds,
        case s.measure
            when 'ratio' then cast(coalesce(t.denominator, 0) as hugeint)
            when 'coverage' then cast(s.roster_parts as hugeint)
        end as denominator,
        coalesce(t.entries_at_due, 0) as entries_at_due,
        coalesce(t.roster_reported_at_due, 0) as roster_reported_at_due,
        cast(coalesce(t.numerator_at_due, 0) as hugeint) as numerator_at_due,
        case s.measure
            when 'ratio' then cast(coalesce(t.denominator_at_due, 0) as hugeint)
            when 'coverage' then cast(s.roster_parts as hugeint)
        end as denominator_at_due,
        s.measure in ('ratio', 'coverage') as is_share,
        s.comparator in ('<=', '<') as is_ceiling
    from subjects as s
    inner join expected as x
        on x.target = s.target and x.period_start = s.period_start and x.agency is not distinct from s.agency
    left join totals as t
        on t.target = s.target and t.period_start = s.period_start and t.agency is not distinct from s.agency
),

-- each subject twice, as it stands on the as-of day and as it stood when it was due, so that `met` is said once
standings as (
    select
        target, period_start, agency, false as is_at_due, comparator, is_share, floor_millionths, stands_alone,
        population, roster_size, entries, roster_reported, numerator, denominator
    from figures
    union all
    select
        target, period_start, agency, true as is_at_due, comparator, is_share, floor_millionths, stands_alone,
        population, roster_size, entries_at_due, roster_reported_at_due, numerator_at_due, denominator_at_due
    from figures
),

compared as (
    select
        *,
        1000000 * numerator as actual_scaled,
        case when is_share then floor_millionths * denominator else floor_millionths end as floor_scaled,
        not is_share or denominator > 0 as has_actual,
        not is_share
        or stands_alone
        or (roster_size > 0 and roster_reported = roster_size)
        or coalesce(denominator >= population, false) as is_complete
    from standings
),

held as (
    select
        *,
        has_actual and case comparator
            when '>=' then actual_scaled >= floor_scaled
            when '>' then actual_scaled > floor_scaled
            when '<=' then actual_scaled <= floor_scaled
            when '<' then actual_scaled < floor_scaled
        end as holds
    from compared
),

met as (
    select
        target, period_start, agency,
        bool_or(holds) filter (where not is_at_due) as holds,
        bool_or(entries > 0 and is_complete and holds) filter (where not is_at_due) as is_met,
        bool_or(entries > 0 and is_complete and holds) filter (where is_at_due) as is_met_at_due
    from held
    group by target, period_start, agency
),

paced as (
    select
        f.*, m.holds, m.is_met, m.is_met_at_due,
        -- actual and expected over one denominator; nothing reported of a share counts as none of it
        case
            when not f.is_share then f.numerator
            when f.denominator = 0 then 0
            else f.numerator * f.pace_whole * 1000000
        end as actual_scaled,
        case
            when not f.is_share then f.expected_whole
            when f.denominator = 0 then f.floor_millionths * f.pace_part
            else f.floor_millionths * f.pace_part * f.denominator
        end as expected_scaled
    from figures as f
    inner join met as m
        on m.target = f.target and m.period_start = f.period_start and m.agency is not distinct from f.agency
)

select
    *,
    case
        when floor is null then null
        when as_of < period_start then 'not_started'
        when measure = 'ratio' and entries > 0 and denominator = 0 then 'not_applicable'
        when is_met_at_due and (not is_ceiling or as_of >= due_on) then 'attained'
        when is_met and (not is_ceiling or as_of >= due_on) then 'attained_late'
        when as_of > due_on then 'overdue'
        when entries = 0 then 'no_data'
        when is_ceiling and holds then 'on_track'
        when is_ceiling then 'behind'
        when actual_scaled >= expected_scaled then 'on_track'
        when 4 * actual_scaled >= 3 * expected_scaled then 'at_risk'
        else 'behind'
    end as status,
    coalesce(status in ('attained', 'attained_late'), false) as met
from paced
