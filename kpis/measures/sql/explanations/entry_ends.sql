-- one row per target and task known at the moment: its titles, and from when it is no longer in force (null: it is)
select target as entry, true as is_target, title_vi, title_en, ended_on
from known_targets
where version_of is null

union all

select
    t.task as entry, false as is_target, t.title_vi, t.title_en,
    case when bool_and(i.judged_until is not null) then max(i.judged_until) end as ended_on
from known_tasks as t
left join known_task_instances as i on i.task = t.task
group by t.task, t.title_vi, t.title_en
