-- one row per entry known at the moment, and per change of an agency's part in an event that several rows share
-- (`reports` is 0 for such a change, which is no row of a sheet; see kpis/measures/shared_events.py)
select
    target, agency, occurred_on, coalesce(first_recorded_at, recorded_at) as read_at, quantity, denominator,
    coalesce(confirmed, false) as confirmed, 1 as reports
from entries
where recorded_at <= $known_at and (retired_at is null or retired_at > $known_at)
union all
select
    c.target, c.agency, c.occurred_on, cast($known_at as timestamp), c.added, null, false, 0
from (
    select
        unnest(
            cast($event_changes as struct(target varchar, agency varchar, occurred_on date, added bigint)[])
        ) as c
)
