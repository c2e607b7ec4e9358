-- one row: the bytes of the files that the current rows of the lake lie in
select coalesce(sum(file_size_bytes), 0)::bigint as size from ducklake_table_info('lake')
