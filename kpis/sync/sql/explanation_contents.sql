-- one row per source with current rows of a tab of explanations: their number, and a sum over what they say
select source, count(*) as rows, sum(row_hash::hugeint)::varchar as contents
from raw_rows
where tab_kind = $tab_kind and retired_at is null
group by source
