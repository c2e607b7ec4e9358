-- one row per current task report of a source: its row hash and the day it was finished, if it has one
select row_hash, finished_on as "day" from task_reports where source = $source and retired_at is null
