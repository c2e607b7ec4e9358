-- one row per table whose total was counted in a certain way when the version was published
select counted_table, rows, said
from totals
where way = $way
order by counted_table
