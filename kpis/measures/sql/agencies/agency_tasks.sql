-- one row per task and role of the agency in it: lead (alone, or as a collective lead's focal department) or member
select task, 'lead' as role
from deciding_agencies
where agency = $agency
union
select task, 'member' as role
from lead_members
where agency = $agency
