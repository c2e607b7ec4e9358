-- one row per requested task instance and agency that has reported on it, with the status that it reported last, and when
select task, year, agency, arg_max(status, recency) as status, max(recency) as recency, max(occurred_on) as reported_on
from counted_reports
where agency is not null
group by task, year, agency
