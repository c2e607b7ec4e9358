-- one row per column of the tables of a database, in the order of each table
select table_name, column_name, data_type, is_nullable
from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and not internal
order by table_name, column_index
