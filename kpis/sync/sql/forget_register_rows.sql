-- removes all rows of a table of the register
delete from {table}
