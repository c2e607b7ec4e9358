-- one row per status row, with the register's data on its target
select
    v.*, t.plan, t.position, t.indicator, t.title_vi, t.title_en, t.section, t.line, t.accumulation,
    t.stretch, t.unit_vi, t.unit_en, t.recurrence, t.recurrence_basis, t.recurrence_reason_vi,
    t.recurrence_reason_en, t.force, t.lead_basis, p.position as plan_position, p.province, p.place, p.kind
from attainment_statuses as v
inner join targets as t on t.target = v.target
inner join plans as p on p.plan = t.plan
where $agency is null or v.agency = $agency
