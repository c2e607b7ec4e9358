-- one row per target whose total of a day, as it was known at a moment, may differ from what is known now
select distinct target
from entries
where retired_at > $known_at and occurred_on <= $as_of
union
select distinct target
from entries
where recorded_at > $known_at and occurred_on <= $as_of
