-- one row: the rows of a computed table of targets of which an entry was recorded or retired since a moment, earlier
-- versions of them included, counted and summed
with changed as (
    select target from entries where recorded_at > $since
    union
    select target from entries where retired_at > $since
),

chosen as (
    select target
    from changed
    union
    select targets.target
    from targets
    inner join changed on changed.target = targets.version_of
)

select count(*) as rows, coalesce(sum(hash(contents)::hugeint), 0) as said
from {table} as contents
where contents.target in (select target from chosen)
