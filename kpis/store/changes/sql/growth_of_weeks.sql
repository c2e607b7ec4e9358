-- one row: the rows of the weeks after a Sunday, counted and summed
select count(*) as rows, coalesce(sum(hash(contents)::hugeint), 0) as said
from {table} as contents
where contents.sunday > $until
