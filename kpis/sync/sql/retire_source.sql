-- retires every current row of a source
update {table} set retired_at = $at
where source = $source and retired_at is null
