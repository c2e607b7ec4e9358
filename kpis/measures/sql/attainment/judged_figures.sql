-- one row per subject and reading, with its figures, whether they meet the floor, and the status if they do not
with figures as (
    select
        x.*,
        coalesce(t.is_doubted, false) as is_doubted,
        coalesce(t.entries, 0) as entries,
        coalesce(t.entries_at_due, 0) as entries_at_due,
        coalesce(t.reporting_agencies, 0) as reporting_agencies,
        coalesce(t.roster_reported, 0) as roster_reported,
        cast(coalesce(t.numerator, 0) as hugeint) as own_numerator,
        cast(coalesce(t.numerator_at_due, 0) as hugeint) as own_numerator_at_due,
        -- the figure and the base of a change may be in doubt each by itself: the worst of both readings of each counts
        case
            when x.measure <> 'change' or not coalesce(t.is_doubted, false) then own_numerator
            when x.is_ceiling then greatest(own_numerator, t.full_numerator)
            else least(own_numerator, t.full_numerator)
        end as numerator,
        case
            when x.measure <> 'change' or not coalesce(t.is_doubted, false) then own_numerator_at_due
            when x.is_ceiling then greatest(own_numerator_at_due, t.full_numerator_at_due)
            else least(own_numerator_at_due, t.full_numerator_at_due)
        end as numerator_at_due,
        coalesce(t.adds, 0) as adds,
        case measure
            when 'ratio' then coalesce(t.denominator, 0)
            when 'coverage' then roster_parts
            when 'change' then if(coalesce(t.is_doubted, false), x.base_in_doubt, x.base)
        end as denominator,
        case measure
            when 'ratio' then coalesce(t.denominator_at_due, 0)
            when 'coverage' then roster_parts
            when 'change' then if(coalesce(t.is_doubted, false), x.base_in_doubt, x.base)
        end as denominator_at_due,
        -- who makes up the whole is not known: the register has neither roster nor population
        is_proportion and not stands_alone and roster_size = 0 and population is null as has_unknown_base,
        -- a silent agency of the roster has not done its part of a coverage with a floor
        measure = 'coverage' and not is_ceiling as counts_silent,
        -- complete: the roster is known of a coverage with a floor; else the whole roster has reported, or a ratio's
        -- denominators reach its population; a ceiling ratio without either is judged on what is reported; a change waits
        -- for its whole roster too, since silence is no reduction
        not (is_proportion or x.measure = 'change') or stands_alone
        or (roster_size > 0 and (counts_silent or coalesce(t.roster_reported, 0) = roster_size))
        or coalesce(measure = 'ratio' and t.denominator >= population, false)
        or (has_unknown_base and is_ceiling and measure = 'ratio') as is_complete,
        not (is_proportion or x.measure = 'change') or stands_alone
        or (roster_size > 0 and (counts_silent or coalesce(t.roster_reported_at_due, 0) = roster_size))
        or coalesce(measure = 'ratio' and t.denominator_at_due >= population, false)
        or (has_unknown_base and is_ceiling and measure = 'ratio') as is_complete_at_due
    from expected_values as x
    left join readings as t
        on
            t.target = x.target and t.period_start = x.period_start and t.period_end = x.period_end
            and t.agency is not distinct from x.agency
),

-- (actual - floor) x denominator x 1,000,000: statuses are decided by whole numbers alone
compared_figures as (
    select
        *,
        1000000 * numerator - floor_millionths * coalesce(denominator, unit) as above,
        1000000 * numerator_at_due - floor_millionths * coalesce(denominator_at_due, unit) as above_at_due,
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
        -- a ceiling that is approached from a baseline is paced like a floor, in the other direction
        is_ceiling and start_millionths is null as is_plain_ceiling,
        if(is_ceiling, -1, 1) as direction,
        coalesce(start_millionths, 0) as way_start,
        -- the way covered and the way expected over a common denominator; a ratio with denominator 0 counts as 0
        greatest(coalesce(denominator, unit), 1) as parts,
        case
            when expected_whole is not null then numerator
            else direction * pace_whole * (if(denominator = 0, 0, 1000000 * numerator) - way_start * parts)
        end as actual_scaled,
        case
            when expected_whole is not null then expected_whole
            else direction * (floor_millionths - way_start) * pace_part * parts
        end as expected_scaled
    from figures
)

select
    *,
    not (measure = 'ratio' and entries > 0 and denominator = 0) as is_applicable,
    entries > 0 and is_complete and holds and (not is_ceiling or as_of >= due_on) as is_met,
    entries_at_due > 0 and is_complete_at_due and holds_at_due and (not is_ceiling or as_of >= due_on)
        as is_met_at_due,
    case
        when as_of > due_on then 'overdue'
        when entries = 0 then 'no_data'
        when is_plain_ceiling and not holds then 'behind'
        -- a base of which nothing is certain
        when measure = 'change' and denominator = 0 then 'behind'
        when is_plain_ceiling or actual_scaled >= expected_scaled then case
            -- it cannot be met without a roster or population: said 60 days before the due day, not on it
            when has_unknown_base and not is_ceiling and as_of >= due_on - 60 then 'at_risk'
            -- what nobody has reported yet is no reduction
            when measure = 'change' and is_ceiling and not is_complete then 'at_risk'
            else 'on_track'
        end
        when 4 * actual_scaled >= 3 * expected_scaled then 'at_risk'
        else 'behind'
    end as status_unless_met
from compared_figures
