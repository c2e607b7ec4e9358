-- one row per task that the agency leads: by itself, for a collective lead as the focal department, or as a member
select task, 'lead' as part
from deciding_agencies
where agency = $agency
union
select task, 'member' as part
from collective_members
where agency = $agency
