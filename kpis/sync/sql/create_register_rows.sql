-- an empty table with the columns of a table of the register, for the rows that it has from now on
create or replace temp table register_rows as
select *
from {table}
limit 0
