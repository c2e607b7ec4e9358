-- one row per current task report of a source: its row hash and the one value that only the register decides
select row_hash, agency as decided from task_reports where source = $source and retired_at is null
