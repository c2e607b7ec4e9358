-- replaces the moments of a column that are listed in `mended`
update {table} set {column} = mended.new_moment
from mended
where {table}.{column} = mended.old_moment
