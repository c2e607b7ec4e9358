-- one row per plan of which a source was ever read well: whether any row counts, and whether it has a tab of tasks
select
    plan,
    sum(accepted) > 0 as counted,
    sum(read) as rows_read,
    bool_or(tasks_seen) as tasks
from source_states
group by plan
