-- one row per section of a plan's annex, in the annex's order
select section, parent, title_vi
from known_sections
where plan = $plan
order by position
