-- one row per current row of a source's tabs of a kind as it was read: its row hash
select row_hash from raw_rows
where source = $source and retired_at is null and tab_kind is not distinct from $tab_kind
