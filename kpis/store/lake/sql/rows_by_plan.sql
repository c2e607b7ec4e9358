-- every row of these plans in a table
select changed.*
from {table} as changed
where changed.plan in (select unnest($plans::varchar[]))
