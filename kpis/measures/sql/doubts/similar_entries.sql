-- one row per entry of the periods that may have rows of the same event, in order of periods and days; of a target that
-- is not joint only those of an agency, day and quantity that has several
select
    c.target, c.period_start, c.period_end, coalesce(i.joint, false) as is_joint, c.plan, e.source, e.row_hash,
    e.agency, e.occurred_on, e.quantity * a.unit + coalesce(e.fraction, 0) as quantity, e.content, e.evidence
from temp.doubt_candidates as c
inner join requested_periods as a
    on a.target = c.target and a.period_start = c.period_start and a.period_end = c.period_end
inner join known_targets as t on t.target = c.target
left join known_indicators as i on i.indicator = t.indicator
inner join entries as e on e.target = a.entry_target and e.occurred_on between a.period_start and a.counted_to
where
    c.may_be_similar and e.quantity * a.unit + coalesce(e.fraction, 0) > 0
    and (e.content is not null or e.evidence is not null)
    and e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
qualify
    is_joint
    or count(*) over (
        partition by c.target, c.period_start, c.period_end, e.agency, e.occurred_on, e.quantity,
        coalesce(e.fraction, 0)
    ) > 1
