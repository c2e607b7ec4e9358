-- removes the current rows of a history of sheets that are retired in `incoming`: equal in every other column
delete from {table}
where
    retired_at is null
    and rowid in (
        select present.id
        from (
            select rowid as id, hash(*columns(* exclude (retired_at))) as content
            from {table}
            where retired_at is null and row_hash in (select incoming.row_hash from incoming)
        ) as present
        where
            present.content in (
                select hash(*columns(* exclude (retired_at)))
                from incoming
                where incoming.retired_at > $since and coalesce(incoming.recorded_at <= $since, true)
            )
    )
