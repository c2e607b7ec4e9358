-- one row per plan or indicator of which the register has, or had, rows
select plan as owner
from plans
union
select concat('indicator ', indicator) as owner
from indicators
