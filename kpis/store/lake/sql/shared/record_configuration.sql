-- records what who leads sees now
insert into kpis_shared.configuration (release, format, files, process, looked_at)
values (%(release)s, %(format)s, %(files)s, %(process)s, clock_timestamp())
on conflict (single) do update set
    release = excluded.release,
    format = excluded.format,
    files = excluded.files,
    process = excluded.process,
    looked_at = excluded.looked_at
