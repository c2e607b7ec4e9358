"""The tables and columns that a version must have, and adding those that an older format lacks.

A later format only adds: a new table is empty, a new column is null in the rows of an older release. It may also
let a column be null, or have texts instead of whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache

import duckdb

from kpis.store import sql


@dataclass(frozen=True)
class Column:
    """The type of a column, and whether it may be null."""

    kind: str
    is_nullable: bool


TableColumns = Mapping[str, Mapping[str, Column]]
"""Columns by table and column name."""

FIRST_TABLES = frozenset(
    ("meta", "entries", "task_reports", "rejections", "warnings", "raw_rows", "source_states", "targets")
)
"""Tables that every format has had: a version without one is damaged, however old it is."""


def read_columns(connection: duckdb.DuckDBPyConnection) -> TableColumns:
    """Return the tables of an open database with their columns."""
    tables: dict[str, dict[str, Column]] = {}
    for table, column, kind, is_nullable in connection.execute(sql.load("kpis.store", "list_columns")).fetchall():
        tables.setdefault(table, {})[column] = Column(kind, is_nullable)
    return tables


def find_missing_part(connection: duckdb.DuckDBPyConnection, *, is_older: bool) -> str | None:
    """Return a table or column that a version should have and lacks; None if it is complete.

    Of an older format only the tables that every format has had are required.
    """
    actual = read_columns(connection)
    if is_older:
        return next((table for table in sorted(FIRST_TABLES) if table not in actual), None)
    for table, columns in _read_expected_columns().items():
        if table not in actual:
            return table
        for column in columns:
            if column not in actual[table]:
                return f"{table}.{column}"
    return None


def add_missing_parts(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the tables and columns that a version of an older format lacks; no value changes."""
    actual, definitions = read_columns(connection), _read_table_definitions()
    for table, columns in _read_expected_columns().items():
        if table not in actual:
            connection.execute(definitions[table])
            continue
        for name, column in columns.items():
            quoted_table, quoted_name = sql.quote_identifier(table), sql.quote_identifier(name)
            if name not in actual[table]:
                connection.execute(f"alter table {quoted_table} add column {quoted_name} {column.kind}")
                continue
            if column.kind != actual[table][name].kind == "INTEGER":
                connection.execute(f"alter table {quoted_table} alter column {quoted_name} set data type {column.kind}")
            if column.is_nullable and not actual[table][name].is_nullable:
                connection.execute(f"alter table {quoted_table} alter column {quoted_name} drop not null")


@cache
def _read_expected_columns() -> TableColumns:
    with closing(_create_empty_tables()) as connection:
        return read_columns(connection)


def _read_table_definitions() -> dict[str, str]:
    with closing(_create_empty_tables()) as connection:
        return dict(connection.execute(sql.load("kpis.store", "list_tables")).fetchall())


def _create_empty_tables() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute(sql.load("kpis.store", "schema"))
    return connection
