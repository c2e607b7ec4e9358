-- one row per subject as before; the year of a target with spans (quarters, months, half-years) is judged by them
with span_counts as (
    select
        entry_target, agency, year(period_start) as in_year,
        count(*) filter (where status <> 'not_applicable') as spans,
        count(*) filter (where status in ('attained', 'attained_late')) as spans_met,
        count(*) filter (where status <> 'not_applicable' and as_of >= period_end) as spans_due,
        min(paced_from) filter (where status <> 'not_applicable') as begins_on,
        max(period_end) filter (where status <> 'not_applicable') as ends_on,
        coalesce(
            bool_or(
                status not in ('attained', 'attained_late', 'not_applicable')
                and as_of >= period_end + due_after_days and as_of > period_end
            ),
            false
        ) as is_late,
        max(status) filter (where is_running) as running_status,
        coalesce(bool_or(is_running and expected_units = 0), false) as expects_nothing_yet
    from (
        select
            *,
            as_of between period_start and period_end as is_running,
            -- what has to be done by now in whole units; of a ratio nobody knows of how many
            case measure
                when 'ratio' then pace_part
                when 'coverage' then floor_millionths * pace_part * roster_parts // (1000000 * pace_whole)
                else floor_millionths * pace_part // (1000000 * pace_whole)
            end as expected_units
        from own_statuses
        where span is not null
    )
    group by entry_target, agency, in_year
),

judged_years as (
    select
        v.*, c.spans_met as met_spans, c.spans_due as due_spans, c.spans as all_spans,
        case
            when v.floor is null then v.status
            when c.spans = 0 then 'not_applicable'
            when v.as_of < c.begins_on then 'not_started'
            when c.spans_met = c.spans and v.as_of >= c.ends_on then 'attained'
            when c.is_late then 'overdue'
            -- the last span has ended and is not met: until it is late, it is behind
            when c.running_status is null then 'behind'
            when c.running_status in ('attained', 'attained_late', 'not_applicable') then 'on_track'
            when c.running_status = 'no_data' and c.expects_nothing_yet then 'on_track'
            else c.running_status
        end as year_status
    from own_statuses as v
    left join span_counts as c
        on
            v.has_spans and c.entry_target = v.entry_target and c.agency is not distinct from v.agency
            and c.in_year = year(v.period_start)
)

select
    * exclude (met_spans, due_spans, all_spans, year_status) replace (
        if(has_spans, year_status, status) as status,
        if(has_spans, coalesce(year_status = 'attained', false), met) as met,
        met_spans as spans_met,
        due_spans as spans_due,
        all_spans as spans
    )
from judged_years
