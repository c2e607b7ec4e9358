-- removes the sessions that can no longer be opened
delete from sessions where ends_at <= :now or last_active_at + sessions.idle_seconds <= :now
