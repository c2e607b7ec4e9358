-- one row per current row of a source, accepted or rejected
select row_hash from entries where source = $source and retired_at is null
union
select row_hash from task_reports where source = $source and retired_at is null
union
select row_hash from rejections where source = $source and retired_at is null
