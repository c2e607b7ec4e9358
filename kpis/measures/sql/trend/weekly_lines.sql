-- one row per Sunday, with the line that it belongs to: one ends on 1 January, where weeks are missing, where other plans
-- are counted, and where another version of a plan judges; `break_reason` is null where the line goes on
with broken as (
    select
        w.*,
        case
            when lag(sunday) over weeks is null then 'first'
            when lag(sunday) over weeks <> sunday - 7 then 'gap'
            when year(lag(sunday) over weeks) <> year(sunday) then 'year'
            when lag(plans) over weeks <> plans then 'plans'
            when lag(versions) over weeks <> versions then 'version'
        end as break_reason
    from weeks_shown as w
    window weeks as (order by sunday)
)

select
    *,
    count(break_reason) over (order by sunday) as line
from broken
