-- the plans of which rows of a history, with a task in each, were recorded or retired since a moment
select distinct tasks.plan
from {table} as changed
left join tasks on tasks.task = changed.task
where changed.recorded_at > $since or changed.retired_at > $since
