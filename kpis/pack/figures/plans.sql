-- one row per plan, with what its page says of the document
select p.plan, p.place, p.province, p.kind, p.number, p.title_vi, p.title_en, p.reporting_day, p.focal_agency
from plans as p
where $plan is null or p.plan = $plan
order by p.position
