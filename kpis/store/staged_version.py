"""An unpublished version, changed by SQL in one transaction; where its rows are is the matter of its subclasses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from types import TracebackType
from typing import Self

import duckdb
import pyarrow

from kpis.store import sql
from kpis.store.changes.comparison import Comparison, record_changed_plans
from kpis.store.changes.rules import WEEKS
from kpis.store.changes.totals import count_tables, find_damaged_table, write_totals
from kpis.store.formats import FORMAT

Connection = duckdb.DuckDBPyConnection
ComputeMeasures = Callable[[Connection, datetime | None, Sequence[date]], None]
"""Fills the computed tables of a version, where only entries changed since a moment those rows that this changes, and
adds the weeks that end on these Sundays, in the publication's transaction."""


class StagedVersion(ABC):
    """The writer's working copy; leaving its `with` block without `publish` discards it.

    Only the holder of the lock may make one. Rows come as Arrow tables, never one by one.
    """

    number: int
    connection: Connection
    comparison: Comparison | None = None
    """What the version before held; None where every plan counts as changed."""
    is_rewritten = False
    """True if rows of histories change otherwise than by recording and retiring them."""

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @abstractmethod
    def carry_over(self) -> None:
        """Add the tables and columns that the version of an older format lacks."""

    @abstractmethod
    def commit(self) -> None:
        """Make the checked rows the current version, durably."""

    @abstractmethod
    def translate_errors(self) -> AbstractContextManager[None]:
        """Raise failures of the storage inside as StoreError."""

    @abstractmethod
    def set_damaged_base_aside(self) -> None:
        """Take the version before out of use if it no longer has the rows that it was published with."""

    def execute(self, statement: str, params: Mapping[str, object] | None = None) -> None:
        """Run one statement; parameters are bound by name."""
        with self.translate_errors():
            self.connection.execute(statement, dict(params or {}))

    def fetch_rows(self, statement: str, params: Mapping[str, object] | None = None) -> list[dict[str, object]]:
        """Return every row of a query as a dict by column."""
        rows: list[dict[str, object]] = self.fetch_table(statement, params).to_pylist()
        return rows

    def fetch_table(self, statement: str, params: Mapping[str, object] | None = None) -> pyarrow.Table:
        """Return the result of a query as an Arrow table."""
        with self.translate_errors():
            return self.connection.execute(statement, dict(params or {})).to_arrow_table()

    @contextmanager
    def bind_table(self, name: str, rows: pyarrow.Table) -> Iterator[None]:
        """Let statements inside read an Arrow table by a name."""
        self.connection.register(name, rows)
        try:
            yield
        finally:
            self.connection.unregister(name)

    def insert(self, table: str, rows: pyarrow.Table) -> None:
        """Add rows to a table in their order; columns are matched by name, missing ones are null."""
        if rows.num_rows == 0:
            return
        with self.bind_table("incoming", rows):
            self.execute(f"insert into {sql.quote_identifier(table)} by name select * from incoming")  # noqa: S608

    def insert_stream(self, table: str, rows: pyarrow.RecordBatchReader) -> None:
        """Add the rows of a stream with one statement; columns are matched by name."""
        self.connection.register("incoming", rows)
        try:
            self.execute(f"insert into {sql.quote_identifier(table)} by name select * from incoming")  # noqa: S608
        finally:
            self.connection.unregister("incoming")

    def replace_rows(self, table: str, rows: pyarrow.Table) -> None:
        """Replace the whole content of a table by `rows`."""
        self.execute(f"delete from {sql.quote_identifier(table)}")  # noqa: S608
        self.insert(table, rows)

    def compute(self, function: ComputeMeasures, since: datetime | None, sundays: Sequence[date]) -> None:
        """Let a higher layer fill the computed tables inside the transaction."""
        with self.translate_errors():
            if self.comparison is not None:
                self.comparison.note_computing(since)
            self._run_computing(function, since, sundays)

    def _run_computing(self, function: ComputeMeasures, since: datetime | None, sundays: Sequence[date]) -> None:
        function(self.connection, since, sundays)

    def prepare_rewriting(self) -> None:
        """Let rows of histories change otherwise than by recording and retiring them, such as their moments.

        Its totals can then not explain what changes, so they are compared with the rows before anything does.
        """
        with self.translate_errors():
            table = find_damaged_table(self.connection)
            if table is not None:
                self.set_damaged_base_aside()
                raise duckdb.IOException(f"the version does not add up: {table} has other rows than were published")
        self.comparison, self.is_rewritten = None, True

    def check(self) -> None:
        """Raise an error of DuckDB if the version contradicts itself."""
        written = self.find_written_tables()
        for query in ("check_version", *(["check_weeks"] if written is None or WEEKS in written else [])):
            mismatches = self.connection.execute(sql.load("kpis.store", query)).fetchall()
            if mismatches:
                raise duckdb.IOException(f"the new version does not add up: {mismatches[0]}")

    def find_written_tables(self) -> frozenset[str] | None:
        """Return the only tables whose rows may differ from those of the version before; None where it may be any."""
        return None

    def find_tables_to_count(self) -> frozenset[str] | None:
        """Return the tables to be counted before this is published; None for every one."""
        return None

    def _keep_totals(self, meta: Mapping[str, str]) -> None:
        """Count each table once; raise an error of DuckDB if one changed otherwise than this publication says."""
        totals = count_tables(self.connection, self.find_tables_to_count())
        table = self.comparison.find_unexplained_table(meta, totals) if self.comparison else None
        if table is not None:
            self.set_damaged_base_aside()
            raise duckdb.IOException(f"the new version does not add up: {table} has other rows than were published")
        write_totals(self.connection, {**(self.comparison.totals if self.comparison else {}), **totals})

    def publish(self, metadata: Mapping[str, str]) -> int:
        """Check, commit and publish, with `metadata` in the table `meta`; return the version's number.

        The plans of which it changes a row are recorded with it.

        If it is killed at any point, either the previous version or this one is current.
        """
        meta = {**metadata, "format": FORMAT, "version": str(self.number)}
        self.replace_rows("meta", pyarrow.table({"key": list(meta), "value": list(meta.values())}))
        with self.translate_errors():
            written = self.find_written_tables()
            changed = self.comparison.find_changed_plans(meta, written) if self.comparison else None
            record_changed_plans(self.connection, changed, self.number)
            self.check()
            self._keep_totals(meta)
        self.commit()
        return self.number
