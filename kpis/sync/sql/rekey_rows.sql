-- gives every row that is listed in `rekeyed` its new hash; its times stay
update {table} set row_hash = rekeyed.new_hash
from rekeyed
where {table}.source = rekeyed.source and {table}.row_hash = rekeyed.old_hash
