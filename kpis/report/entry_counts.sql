-- one row per target with entries in the period that holds the year: how many, of the year itself, naming their evidence,
-- and the first day on which anything was done
select
    e.target,
    count(*) as entries,
    count(*) filter (where year(e.occurred_on) = $year) as in_year,
    count(*) filter (where e.evidence is not null) as with_evidence,
    min(e.occurred_on) filter (where e.quantity >= 1) as first_done_on
from entries as e
inner join known_targets as t on coalesce(t.version_of, t.target) = e.target
inner join known_periods as p
    on p.target = t.target and $year between p.asked_from and p.asked_to and p.span is null
    and (p.judged_from is null or p.judged_from <= $as_of) and (p.judged_until is null or p.judged_until > $as_of)
where
    e.plan = $plan
    and e.retired_at is null
    and e.occurred_on between p.period_start and least(p.period_end, $as_of)
group by e.target
