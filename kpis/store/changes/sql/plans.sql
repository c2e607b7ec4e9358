-- one row per plan that a version knows or ever tracked
select plan from plans
union
select plan from tracked_plans
union
select plan from source_states
order by plan
