-- one row: true if this session held the lock
select pg_advisory_unlock(%(space)s, %(number)s)
