-- one row per requested task instance and known report that counts for it
select
    i.task, i.year, i.due_on, r.* exclude (task),
    struct_pack(occurred_on := r.occurred_on, recorded_at := r.recorded_at, caution := r.caution) as recency,
    coalesce(r.occurred_on <= i.due_on, false) as by_due
from requested_instances as i
inner join known_reports as r
    on r.task = i.task and r.occurred_on between i.starts_on and least(i.ends_on, i.as_of)
