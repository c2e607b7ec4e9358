-- one row per target that has a requested period, by the name that its entries have
select distinct entry_target as target
from requested_periods
