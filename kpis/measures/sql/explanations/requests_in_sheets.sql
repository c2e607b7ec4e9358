-- one row per request of which a row stands, or once stood, in a sheet: whether one stands there now
select request, bool_or(stands) as stands
from (
    select
        json_extract_string(cells, '$.request[1]') as request,
        retired_at is null or retired_at > $known_at as stands
    from raw_rows
    where tab_kind = 'explanations' and recorded_at <= $known_at
)
where request is not null
group by request
