-- one row per requested period whose change is compared with the final figure of the year before (in millionths), as it
-- stands and with every open doubt applied (null: not complete then); `kpis/measures/previous_years.py`
select p.*
from (
    select
        unnest(
            cast(
                $previous_figures as struct(
                    target varchar, period_start date, period_end date, figure hugeint, figure_in_doubt hugeint,
                    has_doubt boolean
                )[]
            )
        ) as p
)
