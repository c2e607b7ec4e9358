-- one row per subject, with the expected value on its as-of day: as a fraction of the way to the floor, and in whole
-- units. A change is its figure as a fraction of its base against 1 + floor (a base: its baseline, or the final figure of
-- the year before)
with dated_subjects as (
    select
        s.*,
        -- (as decimal(18, 6) the product overflows from a floor of 1,000,000 on; a hugeint holds what follows for every
        -- floor and quantity that the register and the checks accept)
        cast(cast(s.floor as decimal(38, 6)) * 1000000 as hugeint) + if(s.measure = 'change', 1000000, 0)
            as floor_millionths,
        cast(cast(s.baseline as decimal(38, 6)) * 1000000 as hugeint) as baseline_millionths,
        -- where the way to the floor begins, null where it is 0: a sum begins at nothing, an agency has no own baseline
        case
            when s.agency is not null or (s.measure = 'change' and not s.is_level) then null
            when s.measure = 'change' then 1000000
            else baseline_millionths
        end as start_millionths,
        if(s.measure <> 'change' or s.agency is not null, null, coalesce(baseline_millionths, p.figure)) as base,
        -- the base with every open doubt applied, or as it stands, whichever is worse; 0 where nothing of it is certain
        case
            when base is null or s.baseline is not null or not p.has_doubt then base
            when p.figure_in_doubt is null then 0
            when s.is_ceiling then least(p.figure, p.figure_in_doubt)
            else greatest(p.figure, p.figure_in_doubt)
        end as base_in_doubt,
        s.as_of < s.paced_from as is_before,
        -- entries count to the end of the period, so the whole is expected then, though it is due later
        least(s.due_on, s.period_end) as whole_on,
        s.as_of >= whole_on as is_due,
        4 * year(s.period_start) + quarter(s.period_start) as first_quarter,
        4 * year(s.as_of + 1) + quarter(s.as_of + 1) as tomorrows_quarter,
        4 * year(s.period_end + 1) + quarter(s.period_end + 1) as next_quarter
    from subjects as s
    left join previous_figures as p
        on p.target = s.target and p.period_start = s.period_start and p.period_end = s.period_end
),

paced_subjects as (
    select
        *,
        cast(case
            when is_before then 0
            when is_due then 1
            when pace = 'linear' then as_of - paced_from
            when pace = 'quarterly' then tomorrows_quarter - first_quarter
            -- on:MM-DD, a day of the period's last year; compared as texts, since 29 February may not exist
            when year(as_of) = year(period_end) and strftime(as_of, '%m-%d') >= substr(pace, 4) then 1
            else 0
        end as hugeint) as pace_part,
        cast(case
            when is_before or is_due then 1
            when pace = 'linear' then whole_on - paced_from
            when pace = 'quarterly' then next_quarter - first_quarter
            else 1
        end as hugeint) as pace_whole
    from dated_subjects
)

select
    * exclude (is_before, is_due, whole_on, first_quarter, tomorrows_quarter, next_quarter),
    case when measure in ('count', 'milestone') then floor_millionths * pace_part // (1000000 * pace_whole) end as expected_whole
from paced_subjects
