-- one row: the plan that is reported on
select
    plan, province, place, kind, title_vi, issuer, number, issued_on, start_year, end_year,
    focal_agency, annex_columns
from known_plans
where plan = $plan
