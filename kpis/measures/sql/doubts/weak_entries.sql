-- one row per period and entry of the targets in doubt, as it counts there with every open doubt applied
-- (kpis/measures/doubts.py)
select e.*
from (
    select
        unnest(
            cast(
                $weak_entries as struct(
                    target varchar, period_start date, period_end date, agency varchar, occurred_on date,
                    read_at timestamp, quantity bigint, fraction bigint, denominator bigint, confirmed boolean,
                    reports integer
                )[]
            )
        ) as e
)
