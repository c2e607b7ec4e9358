-- one row per table of a database, with the statement that creates it
select table_name, sql
from duckdb_tables()
where database_name = current_database() and schema_name = 'main' and not internal
