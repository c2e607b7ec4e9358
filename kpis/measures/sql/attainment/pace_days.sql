-- one row per target asked for and day at which its pace bends, first and last included: a subject as of each such day
with bends as (
    select target, period_start, unnest([period_start, due_on - 1, due_on, period_end]) as day
    from requested_periods
    union
    select target, period_start, unnest([last_day - 1, last_day]) as day
    from (
        select
            target, period_start, period_end,
            cast(unnest(generate_series(period_start, period_end, interval 3 months)) as date) as quarter_start,
            last_day(cast(quarter_start + interval 2 months as date)) as last_day
        from requested_periods
        where pace = 'quarterly'
    )
    union
    select target, period_start, unnest([on_day - 1, on_day]) as day
    from (
        select
            target, period_start,
            -- 29 February begins on 1 March in a year without one
            coalesce(
                try_cast(concat(year(period_end), '-', substr(pace, 4)) as date), make_date(year(period_end), 3, 1)
            ) as on_day
        from requested_periods
        where pace like 'on:%'
    )
)

select
    a.* replace (b.day as as_of),
    cast(null as varchar) as agency
from bends as b
inner join requested_periods as a on a.target = b.target and a.period_start = b.period_start
where b.day between a.period_start and a.period_end
