-- one row per entry that may be the same event as another one of its period, added to the published ones
insert into similar_rows by name
select r.*
from (
    select
        unnest(
            cast(
                $similar as struct(
                    plan varchar, target varchar, period_start date, period_end date, agency varchar, source varchar,
                    row_hash ubigint
                )[]
            )
        ) as r
)
