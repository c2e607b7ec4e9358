-- one row: the plan's reporting day, its focal agency and its document
select p.plan, p.place, p.number, p.reporting_day, p.focal_agency, p.title_vi, p.title_en
from plans as p
where p.plan = $plan
