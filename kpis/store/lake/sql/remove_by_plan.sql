-- removes the rows of these plans from a table
delete from {table} where plan in (select unnest($plans::varchar[]))
