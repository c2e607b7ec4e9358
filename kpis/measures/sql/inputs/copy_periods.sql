-- copies the periods that are computed again, since an entry of theirs was recorded or retired after a moment, into a
-- temporary table that is read under the name of theirs: all of a target in the year of the entry, so that those through
-- which a running total may go on are together; of a table of yearly amounts those of every year
create temp table periods as
with changed_years as (
    select target, year(occurred_on) as changed_year from entries where recorded_at > $since
    union
    select target, year(occurred_on) from entries where retired_at > $since
)

select d.*
from periods as d
inner join targets as t on t.target = d.target and t.retired_at is null
where
    d.retired_at is null
    and exists (
        select 1
        from changed_years as c
        where
            c.target = coalesce(t.version_of, t.target)
            and (
                c.changed_year between year(d.period_start) and year(d.period_end)
                or coalesce(t.counting = 'each_year', false)
            )
    )
