-- one row per plan: what the shared filters offer
select plan, place, province, kind, start_year, coalesce(end_year, shown_to) as last_year,
    exists (from tasks where tasks.plan = plans.plan) as has_tasks
from plans
order by position
