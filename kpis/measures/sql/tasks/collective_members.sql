-- one row per task and agency that is a member of the task's collective lead
select distinct l.task, m.agency
from task_leads as l
inner join tasks as t on t.task = l.task
inner join agencies as c on c.plan = t.plan and c.agency = l.agency and c.collective
inner join agencies as m on m.plan = t.plan and not m.collective
where
    l.collective
    and (
        (m.kind = 'commune' and c.kind in ('communes', 'all'))
        or (
            m.kind in ('department', 'office', 'police', 'inspectorate', 'tax', 'customs', 'military')
            and c.kind in ('departments', 'all')
        )
    )
