-- one row per target and period asked for: the whole target as a subject to judge
select
    *,
    cast(null as varchar) as agency,
    cast(null as decimal(18, 6)) as share,
    roster_size as roster_parts,
    false as stands_alone
from requested_periods
