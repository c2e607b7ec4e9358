-- one row per subject in doubt: its totals as of the day and as of the due day, with every open doubt applied
select t.*
from (
    select
        unnest(
            cast(
                $doubted_totals as struct(
                    target varchar, period_start date, period_end date, agency varchar, entries bigint,
                    reporting_agencies bigint,
                    roster_reported bigint, numerator hugeint, denominator hugeint, entries_at_due bigint,
                    roster_reported_at_due bigint, numerator_at_due hugeint, denominator_at_due hugeint,
                    adds hugeint
                )[]
            )
        ) as t
)
