"""What computes the totals of a publication, on a lake: tables that grow with the register are read from a copy.

A statement names some of them ten times, and on a lake each time costs a question to PostgreSQL and opens files. The
copies have the names of the tables, inside the same transaction, and go when all is computed, or before their table is
written to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

from kpis.store import sql
from kpis.store.changes.rules import COMPUTED, NOT_COMPARED, WEEKS
from kpis.store.lake.written_tables import WrittenTables
from kpis.store.schema_columns import Column, TableColumns
from kpis.store.scopes.rules import ROWS_OF_SHEETS
from kpis.store.staged_version import Connection

_READ = re.compile(r"\b(?:from|join)\s+\"?(\w+)\"?", re.IGNORECASE)
_CREATED = re.compile(r"\bcreate\s+temp\s+table\s+\"?(\w+)\"?", re.IGNORECASE)


@contextmanager
def read_from_copies(
    connection: Connection, written: WrittenTables, columns: TableColumns, empty: frozenset[str]
) -> Iterator[Connection]:
    """Yield what runs statements as the connection does; the tables in `empty` have no rows."""
    copies = _Copies(connection, written, columns, empty)
    try:
        yield cast("Connection", copies)
    finally:
        copies.drop()


class _Copies:
    """The part of a connection that computing uses."""

    def __init__(
        self, connection: Connection, written: WrittenTables, columns: TableColumns, empty: frozenset[str]
    ) -> None:
        self._connection, self._written, self._columns, self._empty = connection, written, columns, empty
        self._copyable = set(columns) - {*ROWS_OF_SHEETS, *COMPUTED, *NOT_COMPARED, WEEKS}
        self._copied: set[str] = set()

    def execute(self, query: str, parameters: Mapping[str, object] | None = None) -> Connection:
        """Run one statement."""
        written = self._written.note(query)
        self._drop(written & self._copied)
        self._copyable.difference_update(_CREATED.findall(query), written)
        for table in sorted(self._copyable.intersection(_READ.findall(query))):
            self._copy(table)
        return self._connection.execute(query, parameters or {})

    def drop(self) -> None:
        """Remove the copies."""
        self._drop(set(self._copied))

    def _drop(self, tables: set[str]) -> None:
        for table in tables:
            self._connection.execute(f"drop table temp.{sql.quote_identifier(table)}")
        self._copied -= tables

    def _copy(self, table: str) -> None:
        name = sql.quote_identifier(table)
        # A table without any file takes DuckLake four times as long to read as another one.
        content = _list_columns(self._columns[table]) if table in self._empty else f"as from {name}"
        self._connection.execute(f"create temp table {name} {content}")
        self._copyable.remove(table)
        self._copied.add(table)


def _list_columns(columns: Mapping[str, Column]) -> str:
    return f"({', '.join(f'{sql.quote_identifier(name)} {column.kind}' for name, column in columns.items())})"
