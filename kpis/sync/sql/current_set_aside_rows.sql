-- one row per current row of a source's tabs of a kind that is no data, with the position that it was recorded at
select row_hash, reason, tab, "row" from set_aside_rows
where source = $source and retired_at is null and tab_kind is not distinct from $tab_kind
