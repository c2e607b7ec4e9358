-- one row per subject: a target's period, or one agency's part in it, with its figures and its status
select
    *,
    case
        when floor is null then if(agency is null, 'carried', null)
        -- a period that ended before the target was in force
        when not in_force then 'not_applicable'
        when as_of < paced_from then 'not_started'
        -- a change that has nothing to be compared with
        when measure = 'change' and agency is null and denominator is null then 'carried'
        when not is_applicable and (as_of < due_on or not is_applicable_in_doubt or not has_doubt) then 'not_applicable'
        -- a milestone must also hold on the day asked
        when is_met_at_due_in_both and (measure <> 'milestone' or is_met_in_both) then 'attained'
        when is_met_in_both then 'attained_late'
        else status_unless_met_in_both
    end as status,
    coalesce(status in ('attained', 'attained_late'), false) as met,
    if(is_whole_weaker, adds_in_doubt, adds) as adds_weak,
    cast(null as bigint) as spans_met,
    cast(null as bigint) as spans_due,
    cast(null as bigint) as spans
from both_readings
