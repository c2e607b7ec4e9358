-- copies the current entries of the copied periods into a temporary table that is read under the name of theirs
create temp table entries as
select *
from entries
where
    retired_at is null
    and occurred_on between $first_day and $last_day
    and target in (
        select coalesce(t.version_of, t.target)
        from targets as t
        inner join temp.periods as d on d.target = t.target
        where t.retired_at is null
    )
limit $max_rows
