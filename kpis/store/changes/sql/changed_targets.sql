-- one row per target of which an entry was recorded or retired since a moment, earlier versions of them included
with changed as (
    select target from entries where recorded_at > $since
    union
    select target from entries where retired_at > $since
)

select target
from changed
union
select targets.target
from targets
inner join changed on changed.target = targets.version_of
