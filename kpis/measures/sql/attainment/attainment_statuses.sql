-- one row per subject: a target's period, or one agency's part in it, with its figures and its status
-- (read twice: the full reading, and for subjects in doubt the reading with every open doubt applied)
with readings as (
    select
        target, period_start, agency, false as is_doubted, entries, reporting_agencies, roster_reported, numerator,
        denominator, entries_at_due, roster_reported_at_due, numerator_at_due, denominator_at_due, adds
    from totals
    union all
    select
        target, period_start, agency, true, entries, reporting_agencies, roster_reported, numerator,
        denominator, entries_at_due, roster_reported_at_due, numerator_at_due, denominator_at_due, adds
    from doubted_totals
),

figures as (
    select
        x.*,
        coalesce(t.is_doubted, false) as is_doubted,
        coalesce(t.entries, 0) as entries,
        coalesce(t.entries_at_due, 0) as entries_at_due,
        coalesce(t.reporting_agencies, 0) as reporting_agencies,
        coalesce(t.roster_reported, 0) as roster_reported,
        cast(coalesce(t.numerator, 0) as hugeint) as numerator,
        cast(coalesce(t.numerator_at_due, 0) as hugeint) as numerator_at_due,
        coalesce(t.adds, 0) as adds,
        case measure when 'ratio' then coalesce(t.denominator, 0) when 'coverage' then roster_parts end
            as denominator,
        case measure when 'ratio' then coalesce(t.denominator_at_due, 0) when 'coverage' then roster_parts end
            as denominator_at_due,
        -- complete: the whole roster has reported, or a ratio's denominators reach its population
        not is_proportion or stands_alone or (roster_size > 0 and coalesce(t.roster_reported, 0) = roster_size)
        or coalesce(measure = 'ratio' and t.denominator >= population, false) as is_complete,
        not is_proportion or stands_alone or (roster_size > 0 and coalesce(t.roster_reported_at_due, 0) = roster_size)
        or coalesce(measure = 'ratio' and t.denominator_at_due >= population, false) as is_complete_at_due
    from expected_values as x
    left join readings as t
        on t.target = x.target and t.period_start = x.period_start and t.agency is not distinct from x.agency
),

-- (actual - floor) x denominator x 1,000,000: statuses are decided by whole numbers alone
compared_figures as (
    select
        *,
        1000000 * numerator - floor_millionths * coalesce(denominator, 1) as above,
        1000000 * numerator_at_due - floor_millionths * coalesce(denominator_at_due, 1) as above_at_due,
        coalesce(denominator, 1) > 0 and case comparator
            when '>=' then above >= 0
            when '>' then above > 0
            when '<=' then above <= 0
            when '<' then above < 0
        end as holds,
        coalesce(denominator_at_due, 1) > 0 and case comparator
            when '>=' then above_at_due >= 0
            when '>' then above_at_due > 0
            when '<=' then above_at_due <= 0
            when '<' then above_at_due < 0
        end as holds_at_due,
        -- actual and expected over a common denominator; a ratio with denominator 0 counts as 0
        case
            when not is_proportion then numerator
            when denominator > 0 then 1000000 * pace_whole * numerator
            else 0
        end as actual_scaled,
        case
            when not is_proportion then expected_whole
            else floor_millionths * pace_part * greatest(denominator, 1)
        end as expected_scaled
    from figures
),

judged_figures as (
    select
        *,
        not (measure = 'ratio' and entries > 0 and denominator = 0) as is_applicable,
        entries > 0 and is_complete and holds and (not is_ceiling or as_of >= due_on) as is_met,
        entries_at_due > 0 and is_complete_at_due and holds_at_due and (not is_ceiling or as_of >= due_on)
            as is_met_at_due,
        case
            when as_of > due_on then 'overdue'
            when entries = 0 then 'no_data'
            when is_ceiling and holds then 'on_track'
            when is_ceiling then 'behind'
            when actual_scaled >= expected_scaled then 'on_track'
            when 4 * actual_scaled >= 3 * expected_scaled then 'at_risk'
            else 'behind'
        end as status_unless_met
    from compared_figures
),

-- `is_weaker`: the reading with every open doubt applied is the worse one by the comparator; fractions are compared
-- without their denominators
both_readings as (
    select
        f.*,
        d.target is not null as has_doubt,
        has_doubt and case
            when d.denominator = 0 then f.denominator > 0 and not f.is_ceiling
            when f.denominator = 0 then f.is_ceiling
            when f.is_ceiling
                then d.numerator * coalesce(f.denominator, 1) > f.numerator * coalesce(d.denominator, 1)
            else d.numerator * coalesce(f.denominator, 1) < f.numerator * coalesce(d.denominator, 1)
        end as is_weaker,
        if(is_weaker, d.numerator, f.numerator) as numerator_weak,
        if(is_weaker, d.denominator, f.denominator) as denominator_weak,
        coalesce(d.adds, f.adds) as adds_in_doubt,
        -- what agencies add follows the reading that is worse for the target as a whole, so that the parts add up
        case
            when not bool_or(has_doubt) over whole then false
            when f.is_ceiling then sum(adds_in_doubt) over whole * coalesce(sum(f.denominator) over whole, 1)
                > sum(f.adds) over whole * coalesce(sum(coalesce(d.denominator, f.denominator)) over whole, 1)
            else sum(adds_in_doubt) over whole * coalesce(sum(f.denominator) over whole, 1)
                < sum(f.adds) over whole * coalesce(sum(coalesce(d.denominator, f.denominator)) over whole, 1)
        end as is_whole_weaker,
        coalesce(d.is_applicable, true) as is_applicable_in_doubt,
        f.is_met and coalesce(d.is_met, true) as is_met_in_both,
        f.is_met_at_due and coalesce(d.is_met_at_due, true) as is_met_at_due_in_both,
        -- before the due day a doubt does no more than withhold "attained"; from it on the worse reading decides
        case
            when f.as_of < f.due_on or not has_doubt then f.status_unless_met
            else ['overdue', 'behind', 'no_data', 'at_risk', 'on_track'][least(
                list_position(['overdue', 'behind', 'no_data', 'at_risk', 'on_track'], f.status_unless_met),
                list_position(['overdue', 'behind', 'no_data', 'at_risk', 'on_track'], d.status_unless_met)
            )]
        end as status_unless_met_in_both
    from judged_figures as f
    left join judged_figures as d
        on
            d.is_doubted and d.target = f.target and d.period_start = f.period_start
            and d.agency is not distinct from f.agency
    where not f.is_doubted
    window whole as (partition by f.target, f.period_start)
)

select
    *,
    case
        when floor is null then null
        when as_of < period_start then 'not_started'
        when not is_applicable and (as_of < due_on or not is_applicable_in_doubt or not has_doubt) then 'not_applicable'
        -- a milestone must also hold on the day asked
        when is_met_at_due_in_both and (measure <> 'milestone' or is_met_in_both) then 'attained'
        when is_met_in_both then 'attained_late'
        else status_unless_met_in_both
    end as status,
    coalesce(status in ('attained', 'attained_late'), false) as met,
    if(is_whole_weaker, adds_in_doubt, adds) as adds_weak
from both_readings
