"""An unpublished version: a copy of the current one, changed in one transaction, checked, published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Concatenate, ParamSpec, Self

import duckdb
import pyarrow

from kpis.store import duckdb_errors, sql, versions
from kpis.store.changes.comparison import Comparison, record_changed_plans
from kpis.store.database import HARDENED_CONFIG
from kpis.store.files import as_store_error, copy_file
from kpis.store.formats import FORMAT
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import add_missing_parts, find_missing_part

Connection = duckdb.DuckDBPyConnection
P = ParamSpec("P")

# More provinces need no more memory: what does not fit is spilled next to the staging file.
_WRITER_CONFIG = {**HARDENED_CONFIG, "memory_limit": "512MB"}
# Uncommitted rows stay in memory. Only renaming publishes a version, so rows may be committed in parts.
_ROWS_PER_TRANSACTION = 50_000


class Staging:
    """The writer's working copy; leaving its `with` block without `publish` discards it.

    Only the holder of the lock may make one. Rows come as Arrow tables, never one by one; a usual sync is one
    transaction.
    """

    def __init__(self, paths: DatabasePaths, base: int | None) -> None:
        """Start from version `base`, or from empty tables. Raises StoreError if the disk fails or is full."""
        self.number = versions.find_next_number(paths)
        self._paths = paths
        self._base = base
        self._uncommitted = 0
        self._comparison: Comparison | None = None
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
                elif find_missing_part(self.connection, is_older=False) is None:  # else it is of an older format
                    self._comparison = Comparison(self.connection, base)
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

    def carry_over(self) -> None:
        """Add the tables and columns that the copied version of an older format lacks."""
        with self._translate_errors():
            add_missing_parts(self.connection)
            # DuckDB cannot change rows of a table in the transaction that added a column to it.
            self.connection.execute("commit")
            self.connection.execute("begin transaction")

    def execute(self, statement: str, params: Mapping[str, object] | None = None) -> None:
        """Run one statement; parameters are bound by name."""
        with self._translate_errors():
            self.connection.execute(statement, dict(params or {}))

    def fetch_rows(self, statement: str, params: Mapping[str, object] | None = None) -> list[dict[str, object]]:
        """Return every row of a query as a dict by column."""
        rows: list[dict[str, object]] = self.fetch_table(statement, params).to_pylist()
        return rows

    def fetch_table(self, statement: str, params: Mapping[str, object] | None = None) -> pyarrow.Table:
        """Return the result of a query as an Arrow table."""
        with self._translate_errors():
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
        self._uncommitted += rows.num_rows
        if self._uncommitted > _ROWS_PER_TRANSACTION:
            self.execute("commit")
            self.execute("begin transaction")
            self._uncommitted = 0

    def replace_rows(self, table: str, rows: pyarrow.Table) -> None:
        """Replace the whole content of a table by `rows`."""
        self.execute(f"delete from {sql.quote_identifier(table)}")  # noqa: S608
        self.insert(table, rows)

    def compute(self, function: Callable[Concatenate[Connection, P], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Let a higher layer fill the computed tables inside the transaction."""
        with self._translate_errors():
            function(self.connection, *args, **kwargs)

    def publish(self, metadata: Mapping[str, str]) -> int:
        """Check, commit and publish, with `metadata` in the table `meta`; return the version's number.

        The plans of which it changes a row are recorded with it.

        If it is killed at any point, either the previous version or this one is current.
        """
        meta = {**metadata, "format": FORMAT, "version": str(self.number)}
        self.replace_rows("meta", pyarrow.table({"key": list(meta), "value": list(meta.values())}))
        with self._translate_errors():
            changed = self._comparison.find_changed_plans(meta) if self._comparison else None
            record_changed_plans(self.connection, changed, self.number)
            self._check()
            self.connection.execute("commit")
            self.connection.execute("checkpoint")
            self.connection.close()
            # A remaining log would hold bytes that the renamed file lacks.
            if self._paths.staging.with_name(self._paths.staging.name + ".wal").exists():
                raise duckdb.IOException("the write-ahead log was not merged")
        versions.publish(self._paths, self.number)
        versions.remove_old_versions(self._paths)
        return self.number

    def _check(self) -> None:
        for query in ("check_version", "check_weeks"):
            mismatches = self.connection.execute(sql.load("kpis.store", query)).fetchall()
            if mismatches:
                raise duckdb.IOException(f"the new version does not add up: {mismatches[0]}")

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except duckdb_errors.STORAGE_ERRORS as error:
            if self._base is not None and duckdb_errors.is_corrupt_on_read(error):
                versions.quarantine(self._paths, self._base)
            raise duckdb_errors.convert_duckdb_error(error, self._paths.staging) from error
