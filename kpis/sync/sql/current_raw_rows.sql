-- one row per current row of a source as it was read: its row hash
select row_hash from raw_rows where source = $source and retired_at is null
