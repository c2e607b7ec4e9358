-- one row per plan with a source that was ever read successfully: whether any row counts, whether it has a tab of tasks
select
    plan,
    sum(accepted) > 0 as counted,
    sum(read) as rows_read,
    bool_or(tasks_seen) as tasks
from source_states
group by plan
