-- forgets when these plans last changed
delete from plan_changes where plan in (select unnest($plans::varchar[]))
