"""A version in the making: a copy of the one that serves, changed in one transaction, checked, published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

import duckdb
import pyarrow

from kpis.store import duckdb_errors, sql, versions
from kpis.store.database import FORMAT, HARDENED_CONFIG
from kpis.store.files import as_store_error, copy_file
from kpis.store.paths import DatabasePaths

Connection = duckdb.DuckDBPyConnection
T = TypeVar("T")

# A sync takes no more memory for more provinces; what does not fit is spilled beside the staging file.
_WRITER_CONFIG = {**HARDENED_CONFIG, "memory_limit": "512MB"}
# Uncommitted rows stay in memory; what makes a version whole is its renaming, so many rows may go in parts.
_ROWS_PER_TRANSACTION = 50_000


class Staging:
    """One writer's working copy; leaving its `with` without `publish` throws it away.

    Only the holder of the lock makes one. Rows come as Arrow tables, never one by one; all of a usual sync's
    are one transaction.
    """

    def __init__(self, paths: DatabasePaths, base: int | None) -> None:
        """Starts from version `base`, or from empty tables. StoreError when the disk is full or refuses."""
        self.number = versions.find_next_number(paths)
        self._paths = paths
        self._base = base
        self._uncommitted = 0
        versions.clear_leftovers(paths)
        try:
            if base is not None:
                with as_store_error(paths.staging):
                    copy_file(paths.get_version_path(base), paths.staging)
            with self._translate_errors():
                self.connection: Connection = duckdb.connect(paths.staging, config=_WRITER_CONFIG)
                self.connection.execute("begin transaction")
                if base is None:
                    self.connection.execute(sql.load("kpis.store", "schema"))
        except BaseException:
            versions.clear_leftovers(paths)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        versions.clear_leftovers(self._paths)

    def execute(self, statement: str, params: Mapping[str, object] | None = None) -> None:
        """Runs one statement; parameters bound by name."""
        with self._translate_errors():
            self.connection.execute(statement, dict(params or {}))

    def fetch_table(self, statement: str, params: Mapping[str, object] | None = None) -> pyarrow.Table:
        """A query's answer as an Arrow table."""
        with self._translate_errors():
            return self.connection.execute(statement, dict(params or {})).to_arrow_table()

    @contextmanager
    def bind_table(self, name: str, rows: pyarrow.Table) -> Iterator[None]:
        """Lets statements inside read an Arrow table by a name."""
        self.connection.register(name, rows)
        try:
            yield
        finally:
            self.connection.unregister(name)

    def insert(self, table: str, rows: pyarrow.Table) -> None:
        """Adds rows to a table in their order, columns matched by name; those left out are null."""
        if rows.num_rows == 0:
            return
        with self.bind_table("incoming", rows):
            self.execute(f"insert into {sql.quote_identifier(table)} by name select * from incoming")  # noqa: S608
        self._uncommitted += rows.num_rows
        if self._uncommitted > _ROWS_PER_TRANSACTION:
            self.execute("commit")
            self.execute("begin transaction")
            self._uncommitted = 0

    def replace_rows(self, table: str, rows: pyarrow.Table) -> None:
        """Makes `rows` all that a table holds."""
        self.execute(f"delete from {sql.quote_identifier(table)}")  # noqa: S608
        self.insert(table, rows)

    def compute(self, function: Callable[[Connection, T], None], argument: T) -> None:
        """Lets a layer above fill what a version holds computed, inside the transaction."""
        with self._translate_errors():
            function(self.connection, argument)

    def publish(self, metadata: Mapping[str, str]) -> int:
        """Commits, checks and publishes with `facts` in `meta`; returns the version's number.

        Killed at any point of it, the version before serves, or this one.
        """
        meta = {**metadata, "format": FORMAT, "version": str(self.number)}
        self.replace_rows("meta", pyarrow.table({"key": list(meta), "value": list(meta.values())}))
        with self._translate_errors():
            self._check()
            self.connection.execute("commit")
            self.connection.execute("checkpoint")
            self.connection.close()
            # A log that is still there would be bytes that the renamed file lacks.
            if self._paths.staging.with_name(self._paths.staging.name + ".wal").exists():
                raise duckdb.IOException("the write-ahead log was not taken in")
        versions.publish(self._paths, self.number)
        versions.remove_old_versions(self._paths)
        return self.number

    def _check(self) -> None:
        wrong = self.connection.execute(sql.load("kpis.store", "check_version")).fetchall()
        if wrong:
            raise duckdb.IOException(f"the new version does not add up: {wrong[0]}")

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except duckdb_errors.STORAGE_ERRORS as error:
            if self._base is not None and duckdb_errors.is_corrupt_on_read(error):
                versions.quarantine(self._paths, self._base)
            raise duckdb_errors.convert_duckdb_error(error, self._paths.staging) from error
