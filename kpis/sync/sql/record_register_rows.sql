-- records the rows of a table of the register that it did not have
insert into {table} by name
select n.* exclude (content)
from (
    select *, row(*columns(* exclude (recorded_at, retired_at))) as content
    from register_rows
) as n
anti join (
    select row(*columns(* exclude (recorded_at, retired_at))) as content
    from {table}
    where retired_at is null
) as c on c.content is not distinct from n.content
