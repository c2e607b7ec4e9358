-- one row per session that holds the lock: there is at most one
select
    sessions.application_name,
    host(sessions.client_addr),
    sessions.backend_start at time zone 'UTC'
from pg_locks as locks
inner join pg_database as databases on databases.oid = locks.database
inner join pg_stat_activity as sessions on sessions.pid = locks.pid
where
    locks.locktype = 'advisory'
    and locks.objsubid = 2
    and locks.granted
    and locks.classid = %(space)s
    and locks.objid = %(number)s
    and databases.datname = current_database()
