-- one row per current entry of a source: its row hash and the one value that only the register decides
select row_hash, denominator as decided from entries where source = $source and retired_at is null
