-- one row: true if the process that took the lock answers and still holds it
select exists (
    select 1
    from pg_locks as locks
    inner join pg_database as databases on databases.oid = locks.database
    where
        locks.locktype = 'advisory'
        and locks.objsubid = 2
        and locks.granted
        and locks.classid = %(space)s
        and locks.objid = %(number)s
        and locks.pid = pg_backend_pid()
        and locks.pid = %(process_id)s
        and databases.datname = current_database()
)
