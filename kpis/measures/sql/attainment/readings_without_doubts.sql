-- one row per subject with an entry, none of which is in doubt: its totals
select *, false as is_doubted, cast(null as hugeint) as full_numerator, cast(null as hugeint) as full_numerator_at_due
from totals
