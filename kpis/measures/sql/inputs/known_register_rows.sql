-- one row per row of a table of the register that was known at the moment
-- (`recorded_at` is null where it was always known: the first rows of a plan, and those of before there was a history)
select * exclude (recorded_at, retired_at)
from {table}
where (recorded_at is null or recorded_at <= $known_at) and (retired_at is null or retired_at > $known_at)
