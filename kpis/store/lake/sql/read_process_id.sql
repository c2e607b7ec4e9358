-- one row: the process of the server that answered
select pg_backend_pid()
