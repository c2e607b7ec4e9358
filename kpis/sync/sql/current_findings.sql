-- one row per current finding of a source's tabs of a kind, with the position that it was recorded at
select row_hash, code, tab, "row", cell, header, detail
from {table}
where source = $source and retired_at is null and tab_kind is not distinct from $tab_kind
