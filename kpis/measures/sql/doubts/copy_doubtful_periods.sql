-- copies the periods in doubt from the candidates: of those where only similar rows may be a reason, the ones with some
insert into doubtful_periods by name
select c.plan, c.target, c.period_start, c.period_end
from temp.doubt_candidates as c
where
    c.is_doubtful
    or (c.target, c.period_start, c.period_end) in (select (target, period_start, period_end) from similar_rows)
order by c.target, c.period_start, c.period_end
