-- one row per current row of a source as it was read, where it stood when it was recorded
select tab, "row", cells, read_at from raw_rows where source = $source and retired_at is null order by tab, "row"
