-- one row per current row of a source as it was read, at the position that it was recorded at
select tab, "row", cells, read_at from raw_rows where source = $source and retired_at is null order by tab, "row"
