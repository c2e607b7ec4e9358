-- one row for a history: all rows, and the current ones
select null::varchar as plan, count(*) as rows, count(*) filter (where counted.retired_at is null) as current_rows
from {table} as counted
