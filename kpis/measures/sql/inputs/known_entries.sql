-- one row per entry known at the moment, and per change of an agency's part in an event that several rows share
-- (`reports` is 0 for such a change, which is no row of a sheet and counts in one period alone; see
-- kpis/measures/shared_events.py)
select
    target, agency, occurred_on, coalesce(first_recorded_at, recorded_at) as read_at,
    coalesce(quantity, 0) as quantity, coalesce(fraction, 0) as fraction, denominator,
    coalesce(confirmed, false) as confirmed, 1 as reports, cast(null as date) as period_start,
    cast(null as date) as period_end
from entries
where recorded_at <= $known_at and (retired_at is null or retired_at > $known_at)
union all
-- of a target that earlier versions of its plan have otherwise, the same for each of them
select
    t.target, e.agency, e.occurred_on, coalesce(e.first_recorded_at, e.recorded_at), coalesce(e.quantity, 0),
    coalesce(e.fraction, 0), e.denominator, coalesce(e.confirmed, false), 1, null, null
from known_targets as t
inner join entries as e on e.target = t.version_of
where e.recorded_at <= $known_at and (e.retired_at is null or e.retired_at > $known_at)
union all
select
    c.target, c.agency, c.occurred_on, cast($known_at as timestamp), c.added, c.fraction, null, false, 0,
    c.period_start, c.period_end
from (
    select
        unnest(
            cast(
                $event_changes as struct(
                    target varchar, period_start date, period_end date, agency varchar, occurred_on date, added bigint,
                    fraction bigint
                )[]
            )
        ) as c
)
