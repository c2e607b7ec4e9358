-- retires the current findings that share their identity with one that was recorded earlier, or is higher in the sheet
update {table} set retired_at = $at
where rowid in (
    select rowid from (
        select
            rowid,
            row_number() over (partition by source, row_hash, code order by recorded_at, "row") as place
        from {table}
        where retired_at is null
    )
    where place > 1
)
