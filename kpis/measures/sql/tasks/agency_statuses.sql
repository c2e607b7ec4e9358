-- one row per requested task instance and agency that has reported on it, with the status that it reported last
select task, year, agency, arg_max(status, recency) as status
from counted_reports
where agency is not null
group by task, year, agency
