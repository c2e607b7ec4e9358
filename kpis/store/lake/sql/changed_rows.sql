-- the rows of a history that were recorded or retired since a moment
select changed.*
from {table} as changed
where changed.recorded_at > $since or changed.retired_at > $since
