-- one row per table and column that holds moments
select table_name, column_name
from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and not internal and data_type = 'TIMESTAMP'
