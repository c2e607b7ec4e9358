-- one row: the rows of a computed table of some targets, counted and summed
select count(*) as rows, coalesce(sum(hash(contents)::hugeint), 0) as said
from {table} as contents
where contents.target in (select unnest($targets::varchar[]))
