-- retires the current rows of a table of the register that it no longer has
update {table} set retired_at = $at
where rowid in (
    select c.place
    from (
        select rowid as place, row(*columns(* exclude (recorded_at, retired_at))) as content
        from {table}
        where retired_at is null
    ) as c
    anti join (
        select row(*columns(* exclude (recorded_at, retired_at))) as content
        from register_rows
    ) as n on n.content is not distinct from c.content
)
