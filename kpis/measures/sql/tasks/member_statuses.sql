-- one row per requested task instance and member of its collective lead: whether it, or an agency for which it stands, has
-- reported, and reported it done; the last word of each is that of the agency that stands for it, from that day on
with last_words as (
    select m.task, m.year, m.agency, m.named_agency, o.status, o.recency
    from lead_members as m
    left join agency_statuses as o on o.task = m.task and o.year = m.year and o.agency = m.named_agency
    union all
    select m.task, m.year, m.agency, m.named_agency, o.status, o.recency
    from lead_members as m
    inner join known_agency_successors as s
        on s.plan = m.plan and s.agency = m.named_agency and s.from_day <= $as_of
    inner join agency_statuses as o
        on o.task = m.task and o.year = m.year and o.agency = s.successor and o.reported_on >= s.from_day
),

words_of_members as (
    select task, year, agency, named_agency, arg_max(status, recency) as status
    from last_words
    group by task, year, agency, named_agency
)

select task, year, agency, bool_or(status is not null) as has_reported, coalesce(bool_or(status = 'done'), false) as is_done
from words_of_members
group by task, year, agency
