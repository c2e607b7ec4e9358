-- one row: 0 where one more request was allowed and counted, else the seconds until one is; moments that have not come
-- yet were written before the clock was set back, and are dropped
with clock as materialized (select clock_timestamp() as now),
recent as (
    select moments.moment
    from clock, kpis_shared.google_requests as requests, unnest(requests.moments) as moments (moment)
    where
        requests.account = %(account)s
        and requests.metric = %(metric)s
        and moments.moment <= clock.now
        and moments.moment > clock.now - interval '60 seconds'
),
decision as (
    select
        clock.now,
        (select count(*) from recent) < %(limit)s as is_allowed,
        -- the request that has to become a minute old
        (select moment from recent order by moment desc offset %(limit)s - 1 limit 1) as blocking
    from clock
)
update kpis_shared.google_requests as requests
set moments = array(select moment from recent order by moment)
    || case when decision.is_allowed then array[decision.now] else '{}'::timestamptz[] end
from decision
where requests.account = %(account)s and requests.metric = %(metric)s
returning case
    when decision.is_allowed then 0
    else greatest(extract(epoch from decision.blocking + interval '60 seconds' - decision.now), 0.001)
end::float8
