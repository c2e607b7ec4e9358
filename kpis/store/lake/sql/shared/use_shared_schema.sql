-- one row: names without a schema are those of the shared tables, for this session
select set_config('search_path', 'kpis_shared', false)
