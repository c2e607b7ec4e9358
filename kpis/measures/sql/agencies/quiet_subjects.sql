-- one row per agency's part in a target, of the agencies without a recent report
select s.*
from every_agency_subject as s
left join recent_reporters as r on r.plan = s.plan and r.agency = s.agency
where r.agency is null
