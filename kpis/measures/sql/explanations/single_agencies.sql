-- one row per single agency of the plan that stands for itself on the as-of day, departments before communes
select a.agency
from known_agencies as a
left join known_agency_successors as s
    on s.plan = a.plan and s.agency = a.agency and s.from_day <= $as_of
where a.plan = $plan and not a.collective and s.agency is null
group by a.agency, a.kind, a.position
order by a.kind = 'commune', a.position
