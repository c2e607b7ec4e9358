-- records every plan of the register as tracked since the first moment
insert into tracked_plans by name
select plan, timestamp '0001-01-01 00:00:00' as recorded_at, null as retired_at
from plans
where plan not in (select plan from tracked_plans)
