-- the table takes the name of the view
alter table {schema}.materialized rename to {table}
