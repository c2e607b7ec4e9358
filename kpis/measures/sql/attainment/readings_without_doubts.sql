-- one row per subject with an entry, none of which is in doubt: its totals
select *, false as is_doubted
from totals
