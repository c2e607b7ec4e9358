-- every row of a table
select every_row.* from {table} as every_row
