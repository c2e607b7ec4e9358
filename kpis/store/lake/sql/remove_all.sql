-- removes every row of a table
delete from {table}
