-- one row per requested task instance, with whether the members of its collective lead are all communes
with member_kinds as (
    select m.task, m.year, bool_and(a.kind = 'commune') as communes_alone
    from lead_members as m
    inner join known_agencies as a on a.plan = m.plan and a.agency = m.agency
    group by m.task, m.year
)

select s.*, k.communes_alone
from task_status as s
left join member_kinds as k on k.task = s.task and k.year = s.year
