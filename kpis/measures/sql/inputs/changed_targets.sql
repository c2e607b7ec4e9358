-- one row per target whose figures on a day may have been different as known at a moment than they are as known now: by
-- its entries, or by the register
with changed_plans as (
    -- (the position of a plan among the others decides nothing)
    select plan
    from (
        select plan, row(*columns(* exclude (plan, position, recorded_at, retired_at))) as content
        from plans
        where retired_at is null or retired_at > $known_at
    )
    group by plan
    having count(distinct content) > 1
),

changed_indicators as (
    select indicator
    from indicators
    where recorded_at > $known_at or retired_at > $known_at
)

select distinct target
from entries
where retired_at > $known_at and occurred_on <= $as_of
union
select distinct target
from entries
where recorded_at > $known_at and occurred_on <= $as_of
union
select coalesce(t.version_of, t.target)
from targets as t
left join changed_plans as p on p.plan = t.plan
left join changed_indicators as i on i.indicator = t.indicator
where t.recorded_at > $known_at or t.retired_at > $known_at or p.plan is not null or i.indicator is not null
union
select split_part(target, '@', 1) from periods where recorded_at > $known_at or retired_at > $known_at
union
select split_part(target, '@', 1) from rosters where recorded_at > $known_at or retired_at > $known_at
union
select split_part(target, '@', 1) from shares where recorded_at > $known_at or retired_at > $known_at
union
select t.target
from targets as t
inner join agency_successors as s on s.plan = t.plan
where s.recorded_at > $known_at or s.retired_at > $known_at
