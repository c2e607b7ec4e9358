-- one row per current row of a source, accepted, rejected or set aside
select row_hash from entries where source = $source and retired_at is null
union
select row_hash from task_reports where source = $source and retired_at is null
union
select row_hash from explanations where source = $source and retired_at is null
union
select row_hash from rejections where source = $source and retired_at is null
union
select row_hash from set_aside_rows where source = $source and retired_at is null
