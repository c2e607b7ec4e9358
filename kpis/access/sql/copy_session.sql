-- adds a session of another store as it is
insert into sessions (token_hash, id, email, kind, created_at, last_active_at, idle_seconds, ends_at)
values (:token_hash, :id, :email, :kind, :created_at, :last_active_at, :idle_seconds, :ends_at)
