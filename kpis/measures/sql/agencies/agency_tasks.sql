-- one row per requested task instance and role of the agency in it: lead (alone, or as a collective lead's focal
-- department) or member
select task, year, 'lead' as role
from deciding_agencies
where agency = $agency
union
select task, year, 'member' as role
from lead_members
where agency = $agency
