-- one row per order, the oldest first; moments in UTC, and whether it waits for longer than the leader accepts
select
    id, action, subject, person, details, ordered_at at time zone 'UTC', answered_at at time zone 'UTC', answer,
    answered_at is null and ordered_at < clock_timestamp() - make_interval(secs => %(longest_wait)s)
from kpis_shared.orders
order by ordered_at, id
