-- one row per plan and agency: the source in which it last had an accepted row
select plan, agency, arg_max(source, recorded_at) as source
from (
    select plan, agency, source, recorded_at from entries where retired_at is null
    union all
    select plan, agency, source, recorded_at from task_reports where retired_at is null and agency is not null
    union all
    select plan, agency, source, recorded_at from explanations where retired_at is null
)
group by plan, agency
