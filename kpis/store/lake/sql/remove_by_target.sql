-- removes the rows of targets of these plans from a table
delete from {table}
where target in (select targets.target from targets where targets.plan in (select unnest($plans::varchar[])))
