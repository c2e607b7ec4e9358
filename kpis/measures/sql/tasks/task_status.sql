-- one row per requested task instance, with its state, each lead's latest report and how long no report has come;
-- a report that names no agency decides nothing, unless exactly one agency decides: then it counts as that agency's
with named_statuses as (
    select
        i.task, i.year, s.agency, s.named_agency,
        arg_max(c.status, c.recency) as status,
        arg_max(c.status, c.recency) filter (where c.by_due) as status_at_due,
        max(c.occurred_on) as reported_on
    from requested_instances as i
    inner join deciding_voices as s on s.task = i.task and s.year = i.year
    left join counted_reports as c
        on
            c.task = i.task and c.year = i.year
            and (
                (c.agency = s.voice and c.occurred_on >= s.from_day)
                or (c.agency is null and c.occurred_on >= s.decides_alone_from)
            )
    group by i.task, i.year, s.agency, s.named_agency
),

-- where one agency stands for several, it has done its part once all of them had, or since it says so itself
deciding_statuses as (
    select
        task, year, agency,
        bool_and(coalesce(status = 'done', false)) as is_done,
        bool_and(coalesce(status_at_due = 'done', false)) as is_done_at_due,
        bool_or(coalesce(status = 'paused', false)) as is_paused,
        case
            when is_done then 'done'
            when bool_and(status is null or status = 'done') then null
            else arg_max(status, reported_on) filter (where status <> 'done')
        end as status,
        max(reported_on) as reported_on
    from named_statuses
    group by task, year, agency
),

decisions as (
    select
        task, year,
        bool_and(is_done) as is_done,
        bool_and(is_done_at_due) as is_done_at_due,
        bool_or(is_paused) as is_paused,
        max(reported_on) filter (where status = 'done') as done_on,
        list(
            struct_pack(agency := agency, status := status, reported_on := reported_on) order by agency
        ) as lead_reports
    from deciding_statuses
    group by task, year
),

member_counts as (
    select
        task, year,
        count(*) as members,
        count(*) filter (where is_done) as members_done,
        count(*) filter (where has_reported) as members_reported
    from member_statuses
    group by task, year
),

report_summaries as (
    select
        task, year,
        count(*) as reports,
        bool_or(status <> 'not_started') as is_begun,
        arg_max(
            struct_pack(
                occurred_on := occurred_on, agency := agency, status := status, result := result,
                evidence := evidence, difficulty := difficulty
            ),
            -- of reports that are equally recent, the one of the first agency in the plan's order, then by content
            struct_pack(
                recency := recency, from_first := -coalesce(agency_position, 1000000),
                content := concat_ws(' ', agency, result, evidence, difficulty)
            )
        ) as last
    from counted_reports
    group by task, year
),

instance_facts as (
    select
        i.*, w.* exclude (task, year), m.members, m.members_done, m.members_reported, coalesce(u.reports, 0) as reports,
        coalesce(u.is_begun, false) as is_begun,
        u.last as last,
        -- without a report the silence began with the task
        case
            when i.as_of >= i.starts_on
                then greatest(i.as_of - coalesce(u.last.occurred_on, greatest(i.starts_on, b.earliest_on)), 0)
        end as days_silent
    from requested_instances as i
    inner join silence_starts as b on b.plan = i.plan
    inner join decisions as w on w.task = i.task and w.year = i.year
    left join member_counts as m on m.task = i.task and m.year = i.year
    left join report_summaries as u on u.task = i.task and u.year = i.year
),

agencies_by_task as (
    select
        task,
        list(agency order by position) filter (where role = 'lead') as leads,
        list(agency order by position) filter (where role = 'coordinator') as coordinators
    from answering_leads
    group by task
)

select
    s.task, t.plan, t.section, t.number, t.title_vi, t.title_en, t.line, t.output, t.schedule, t.timing,
    s.year, s.starts_on, s.due_on, s.as_of, s.current,
    case
        when s.as_of < s.starts_on then 'not_started'
        when s.timing = 'ongoing' then if(s.days_silent >= $silent_days, 'silent', 'ongoing')
        when s.is_done and s.is_done_at_due then 'done'
        when s.is_done then 'done_late'
        when s.as_of > s.due_on then 'overdue'
        when s.is_paused then 'paused'
        when s.is_begun then 'in_progress'
        else 'not_started'
    end as state,
    case when s.is_done then s.done_on end as done_on,
    coalesce(l.leads, []) as leads,
    coalesce(l.coordinators, []) as coordinators,
    s.lead_reports, s.members, s.members_done, s.members_reported, s.reports,
    s.last.occurred_on as last_report_on,
    s.last.agency as last_report_by,
    s.last.status as last_status,
    s.last.result as result,
    s.last.evidence as evidence,
    s.last.difficulty as difficulty,
    s.days_silent // 7 as weeks_silent,
    p.province, p.place, p.kind, p.place_suffix, coalesce(year(s.as_of) > p.end_year, false) as is_plan_over,
    x.title_vi as section_vi, x.title_en as section_en,
    t.position, p.position as plan_position
from instance_facts as s
inner join known_tasks as t on t.task = s.version_task
inner join known_plans as p on p.plan = t.plan
left join known_sections as x on x.plan = t.plan and x.section = t.section
left join agencies_by_task as l on l.task = s.version_task
