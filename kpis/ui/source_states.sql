-- one row per source ever read well
select source, last_good_at, changed_at
from source_states
order by position
