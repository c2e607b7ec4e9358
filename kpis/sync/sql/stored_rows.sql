-- one row per current row of a source's tabs of a kind as it was read, at the position that it was recorded at
select tab, "row", cells, read_at from raw_rows
where source = $source and retired_at is null and tab_kind is not distinct from $tab_kind
order by tab, "row"
