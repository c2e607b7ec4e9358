-- one row per requested target and day on which its pace line bends (first and last day too): a subject as of that day
with bend_days as (
    select target, period_start, period_end, unnest([period_start, paced_from, due_on - 1, due_on, period_end]) as day
    from requested_periods
    union
    select target, period_start, period_end, unnest([last_day - 1, last_day]) as day
    from (
        select
            target, period_start, period_end,
            cast(unnest(generate_series(period_start, period_end, interval 3 months)) as date) as quarter_start,
            last_day(cast(quarter_start + interval 2 months as date)) as last_day
        from requested_periods
        where pace = 'quarterly'
    )
    union
    select target, period_start, period_end, unnest([on_day - 1, on_day]) as day
    from (
        select
            target, period_start, period_end,
            -- in a year without 29 February, 1 March stands for it
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
from bend_days as b
inner join requested_periods as a
    on a.target = b.target and a.period_start = b.period_start and a.period_end = b.period_end
where
    b.day between a.period_start and a.period_end
    and not a.has_spans and (a.span is null or a.as_of between a.period_start and a.period_end)
