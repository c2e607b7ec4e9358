-- gives rows of before format 4 their position: they were written in order
update {table} set position = rowid
where position is null
