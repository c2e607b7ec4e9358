-- every row of targets of these plans in a table
select changed.*
from {table} as changed
where changed.target in (
    select targets.target from targets where targets.plan in (select unnest($plans::varchar[]))
)
