-- the view, whose rows are a table now
drop view {schema}.{table}
