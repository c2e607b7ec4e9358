-- one row per current task report of a source: its identity and the one value that the register decides beside it
select row_hash, agency as decided from task_reports where source = $source and retired_at is null
