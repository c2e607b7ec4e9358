-- retires the current rows of a source that are listed in `retired`
update {table} set retired_at = $at
where source = $source and retired_at is null and row_hash in (select row_hash from retired)
