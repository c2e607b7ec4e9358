-- one row per current entry of a source: what it counts for and when
select row_hash, target, occurred_on from entries where source = $source and retired_at is null
