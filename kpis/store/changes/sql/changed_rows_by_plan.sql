-- the plans of which rows of a history were recorded or retired since a moment
select distinct changed.plan
from {table} as changed
where changed.recorded_at > $since or changed.retired_at > $since
