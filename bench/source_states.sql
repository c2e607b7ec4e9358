-- one row per source: the state that a sync would store after reading every entry
insert into source_states by name
select
    source, plan, 'workbook' as kind, source || '.xlsx' as location, 'bench' as content_hash,
    count(*) as read, count(*) as accepted, 0 as warned, 0 as rejected,
    max(recorded_at) as last_good_at, max(recorded_at) as changed_at,
    true as tasks_seen, 'bench' as judged_by, 'bench' as layout, row_number() over (order by source) - 1 as position
from entries
where retired_at is null
group by source, plan
