-- one row per current entry of a source: its row hash, target and day
select row_hash, target, occurred_on as "day" from entries where source = $source and retired_at is null
