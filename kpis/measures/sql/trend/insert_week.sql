-- one row per target as of a Sunday, as known at its end, added to the weeks
insert into weekly by name
select r.*
from (
    select
        unnest(
            cast(
                $rows as struct(
                    sunday date, plan varchar, target varchar, period_start date, period_end date, measure varchar,
                    status varchar, actual double, expected double, plan_version integer
                )[]
            )
        ) as r
)
