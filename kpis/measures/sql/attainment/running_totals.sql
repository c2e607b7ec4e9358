-- one row per requested target and day up to the as-of day on which its total changed
select
    a.target, a.period_start, a.period_end, c.day, c.numerator,
    case a.measure when 'ratio' then c.denominator when 'coverage' then a.roster_size when 'amount' then a.unit
        when 'change' then a.unit
    end
        as denominator
from requested_periods as a
inner join curve as c on c.target = a.target and c.period_start = a.period_start and c.period_end = a.period_end
where c.day <= a.as_of and not a.has_spans and (a.span is null or a.as_of between a.period_start and a.period_end)
