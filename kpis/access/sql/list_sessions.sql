-- every session
select token_hash, id, email, kind, created_at, last_active_at, idle_seconds, ends_at from sessions
