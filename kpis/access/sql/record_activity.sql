-- moves the last activity of one session on
update sessions set last_active_at = :now where token_hash = :token_hash and last_active_at < :now
