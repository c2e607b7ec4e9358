-- one row: how many sessions are open, of how many people
select count(*), count(distinct email)
from sessions
where ends_at > :now and last_active_at + idle_seconds > :now
