-- one row if rows of a history that tell no plan were recorded or retired since a moment
select distinct null::varchar as plan
from {table} as changed
where changed.recorded_at > $since or changed.retired_at > $since
