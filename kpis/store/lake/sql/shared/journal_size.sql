-- one row: the bytes of the journal as a file
select coalesce(sum(octet_length(line) + 1), 0)::bigint from kpis_shared.journal
