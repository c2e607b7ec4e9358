-- one row per subject, with the full reading and, where it is in doubt, the reading with every open doubt applied
-- `is_weaker`: the reading with every open doubt applied is the worse one by the comparator; fractions are compared
-- without their denominators
-- (read twice: without `materialized`, everything before it would be computed twice)
with judged as materialized (
    select *
    from judged_figures
),

wholes as (
    select
        f.target, f.period_start, f.period_end,
        bool_or(d.target is not null) as has_doubt,
        sum(f.adds) as adds,
        sum(coalesce(d.adds, f.adds)) as adds_in_doubt,
        sum(f.denominator) as denominator,
        sum(coalesce(d.denominator, f.denominator)) as denominator_in_doubt
    from judged as f
    left join judged as d
        on
            d.is_doubted and d.target = f.target and d.period_start = f.period_start and d.period_end = f.period_end
            and d.agency is not distinct from f.agency
    where not f.is_doubted
    group by f.target, f.period_start, f.period_end
)

select
    f.*,
    d.target is not null as has_doubt,
    has_doubt and case
        when d.denominator = 0 then f.denominator > 0 and (not f.is_ceiling or f.measure = 'change')
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
        when not w.has_doubt then false
        when f.is_ceiling then w.adds_in_doubt * coalesce(w.denominator, 1) > w.adds * coalesce(w.denominator_in_doubt, 1)
        else w.adds_in_doubt * coalesce(w.denominator, 1) < w.adds * coalesce(w.denominator_in_doubt, 1)
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
from judged as f
left join judged as d
    on
        d.is_doubted and d.target = f.target and d.period_start = f.period_start and d.period_end = f.period_end
        and d.agency is not distinct from f.agency
inner join wholes as w on w.target = f.target and w.period_start = f.period_start and w.period_end = f.period_end
where not f.is_doubted
