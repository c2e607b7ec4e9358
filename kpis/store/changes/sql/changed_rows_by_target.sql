-- the plans of which rows of a history, with a target in each, were recorded or retired since a moment
select distinct targets.plan
from {table} as changed
left join targets on targets.target = changed.target
where changed.recorded_at > $since or changed.retired_at > $since
