-- one row per target whose total on a day may have been different as known at a moment than it is as known now
select distinct target
from entries
where retired_at > $known_at and occurred_on <= $as_of
union
select distinct target
from entries
where recorded_at > $known_at and occurred_on <= $as_of
