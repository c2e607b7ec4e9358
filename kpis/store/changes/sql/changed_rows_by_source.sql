-- the plans of which rows of a history, with a source in each, were recorded or retired since a moment
select distinct source_states.plan
from {table} as changed
left join source_states on source_states.source = changed.source
where changed.recorded_at > $since or changed.retired_at > $since
