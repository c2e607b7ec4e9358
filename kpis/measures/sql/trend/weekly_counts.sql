-- one row per Sunday: how many targets of the plans had each of the six statuses, and which versions judged them
with weeks_of_plans as (
    select
        sunday, plan, max(coalesce(plan_version, 1)) as version,
        count(*) as targets,
        count(*) filter (where status = 'overdue') as overdue,
        count(*) filter (where status = 'behind') as behind,
        count(*) filter (where status = 'no_data') as no_data,
        count(*) filter (where status = 'at_risk') as at_risk,
        count(*) filter (where status = 'on_track') as on_track,
        count(*) filter (where status in ('attained', 'attained_late')) as attained
    from weekly
    where
        sunday between $first_sunday and $as_of
        and list_contains($plans, plan)
        and status <> 'carried'
    group by sunday, plan
)

select
    sunday,
    list(plan order by plan) as plans,
    list(version order by plan) as versions,
    sum(targets)::integer as targets,
    sum(overdue)::integer as overdue,
    sum(behind)::integer as behind,
    sum(no_data)::integer as no_data,
    sum(at_risk)::integer as at_risk,
    sum(on_track)::integer as on_track,
    sum(attained)::integer as attained
from weeks_of_plans
group by sunday
