-- one row: the server's clock now, in UTC
select clock_timestamp() at time zone 'UTC'
