-- one row per current entry of a source: its identity and the one value that the register decides beside it
select row_hash, denominator as decided from entries where source = $source and retired_at is null
