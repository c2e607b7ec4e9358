-- one row per agency's part in a target, as the caller has judged it
select v.*
from (
    select
        unnest(
            cast(
                $given_statuses as struct(
                    plan varchar, agency varchar, period_start date, status varchar, span varchar
                )[]
            )
        ) as v
)
