-- one row: true if this session holds the lock now
select pg_try_advisory_lock(%(space)s, %(number)s)
