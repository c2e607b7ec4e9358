-- one row: the session that a token opens, unless it was idle or lasted too long
select id, email, kind, last_active_at, idle_seconds, ends_at
from sessions
where token_hash = :token_hash and ends_at > :now and last_active_at + idle_seconds > :now
