-- one row: how many rows a table has, and a sum over what they say; the hash of a row of a sheet stands for its free texts
select count(*) as rows, coalesce(sum(hash(contents)::hugeint), 0) as said
from (
    select columns(lambda name: not list_contains($texts, name))
    from {table}
) as contents
