-- one row per requested target and period: the target as a whole, whose status is to be decided
select
    *,
    cast(null as varchar) as agency,
    cast(null as decimal(18, 6)) as share,
    roster_size as roster_parts,
    false as stands_alone
from requested_periods
