-- the rows of a view, as a table of their own
create table {schema}.materialized as
select * from {schema}.{table}
