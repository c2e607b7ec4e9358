-- one row per target with entries in the period that holds the year: how many, and how many name their evidence
select
    e.target,
    count(*) as entries,
    count(*) filter (where e.evidence is not null) as with_evidence
from entries as e
inner join periods as p
    on p.target = e.target and year(p.period_start) <= $year and year(p.period_end) >= $year
where
    e.plan = $plan
    and e.retired_at is null
    and e.occurred_on between p.period_start and least(p.period_end, $as_of)
group by e.target
