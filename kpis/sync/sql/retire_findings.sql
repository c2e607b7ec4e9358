-- retires the current findings of a source that are listed in `retired`
update {table} set retired_at = $at
where source = $source and retired_at is null and (row_hash, code) in (select row_hash, code from retired)
