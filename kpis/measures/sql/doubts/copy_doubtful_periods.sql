-- copies the periods in doubt from the candidates: all but those with no two rows that are the same event
insert into doubtful_periods by name
select c.plan, c.target, c.period_start, c.period_end
from temp.doubt_candidates as c
where
    not c.may_be_similar
    or (c.target, c.period_start, c.period_end) in (
        select (s.period.target, s.period.period_start, s.period.period_end)
        from (
            select unnest(cast($similar as struct(target varchar, period_start date, period_end date)[])) as period
        ) as s
    )
order by c.target, c.period_start, c.period_end
