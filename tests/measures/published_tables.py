"""What a publication computes, to compare two ways of computing it."""

from __future__ import annotations

import duckdb

Tables = dict[str, list[tuple[object, ...]]]
TABLES = ("curve", "standings", "doubtful_periods", "similar_rows")


def read_published_tables(con: duckdb.DuckDBPyConnection) -> Tables:
    """Return every row of every computed table, in one order."""
    return {table: con.execute(f"from {table} order by all").fetchall() for table in TABLES}
