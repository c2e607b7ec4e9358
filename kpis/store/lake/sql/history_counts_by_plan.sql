-- one row per plan with rows in a history: all of them, and the current ones
select counted.plan, count(*) as rows, count(*) filter (where counted.retired_at is null) as current_rows
from {table} as counted
group by counted.plan
