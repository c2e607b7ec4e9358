-- one row per row of a source, as it was ever read, that names who typed it or has evidence
select tab, "row", cells from raw_rows
where source = $source and (contains(cells, '"entered_by":') or contains(cells, '"evidence":'))
