-- one row: nobody else makes the shared tables until this transaction ends
select pg_advisory_xact_lock(%(space)s, %(number)s)
