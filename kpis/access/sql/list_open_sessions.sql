-- one row per session that can be opened
select token_hash
from sessions
where ends_at > :now and last_active_at + idle_seconds > :now
