-- one row: the days between which entries count in a copied period, or tell of a running total that goes on through
-- several: whole years, or every day where there is a table of yearly amounts
select
    if(bool_or(t.counting = 'each_year'), date '0001-01-01', make_date(min(year(d.period_start)), 1, 1)) as first_day,
    if(bool_or(t.counting = 'each_year'), date '9999-12-31', make_date(max(year(d.period_end)), 12, 31)) as last_day
from temp.periods as d
inner join targets as t on t.target = d.target and t.retired_at is null
