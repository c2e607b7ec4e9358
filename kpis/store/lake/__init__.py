"""A database shared by several machines: DuckLake with its catalog in PostgreSQL.

The only place that imports psycopg, and only inside functions: without requirements-lake.txt the rest works.
"""
