"""An unpublished version in a file of its own: a copy of the current one, checked and renamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import TracebackType

import duckdb
import pyarrow

from kpis.store import duckdb_errors, sql, versions
from kpis.store.changes.comparison import Comparison
from kpis.store.changes.totals import find_damaged_table
from kpis.store.database import build_config
from kpis.store.files import as_store_error, copy_file
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import add_missing_parts, find_missing_part
from kpis.store.staged_version import StagedVersion

# More provinces need no more memory: what does not fit is spilled next to the staging file.
_MEMORY_LIMIT = "512MB"
# Uncommitted rows stay in memory. Only renaming publishes a version, so rows may be committed in parts.
_ROWS_PER_TRANSACTION = 50_000


class Staging(StagedVersion):
    """The writer's copy of a version's file; a usual sync is one transaction."""

    def __init__(self, paths: DatabasePaths, base: int | None, number: int | None = None) -> None:
        """Start from version `base`, or from empty tables. Raises StoreError if the disk fails or is full.

        It becomes version `number`; without one, the next that no version has had.
        """
        self.number = versions.find_next_number(paths) if number is None else number
        self._paths = paths
        self._base = base
        self._uncommitted = 0
        versions.clear_leftovers(paths)
        try:
            if base is not None:
                with as_store_error(paths.staging):
                    copy_file(paths.get_version_path(base), paths.staging)
            with self.translate_errors():
                size = 0 if base is None else paths.staging.stat().st_size
                config = {**build_config(size), "memory_limit": _MEMORY_LIMIT}
                self.connection = duckdb.connect(paths.staging, config=config)
                self.connection.execute("begin transaction")
                if base is None:
                    self.connection.execute(sql.load("kpis.store", "schema"))
                elif find_missing_part(self.connection, is_older=False) is None:  # else it is of an older format
                    self.comparison = Comparison(self.connection, base)
        except BaseException:
            versions.clear_leftovers(paths)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        versions.clear_leftovers(self._paths)

    def carry_over(self) -> None:
        """Add the tables and columns that the copied version of an older format lacks; rows may then change at will."""
        self.comparison = None
        with self.translate_errors():
            add_missing_parts(self.connection)
            # DuckDB cannot change rows of a table in the transaction that added a column to it.
            self.connection.execute("commit")
            self.connection.execute("begin transaction")

    def insert(self, table: str, rows: pyarrow.Table) -> None:
        """Add rows to a table in their order; columns are matched by name, missing ones are null."""
        super().insert(table, rows)
        self._uncommitted += rows.num_rows
        if self._uncommitted > _ROWS_PER_TRANSACTION:
            self.execute("commit")
            self.execute("begin transaction")
            self._uncommitted = 0

    def commit(self) -> None:
        """Close the file, rename it to the version's name and point to it."""
        with self.translate_errors():
            self.connection.execute("commit")
            self.connection.execute("checkpoint")
            self.connection.close()
            # A remaining log would hold bytes that the renamed file lacks.
            if self._paths.staging.with_name(self._paths.staging.name + ".wal").exists():
                raise duckdb.IOException("the write-ahead log was not merged")
        versions.publish(self._paths, self.number)
        versions.remove_old_versions(self._paths)

    def set_damaged_base_aside(self) -> None:
        """Quarantine the version before if its own rows do not add up and an earlier one can be used in its place."""
        if self._base is None or len(versions.list_candidates(self._paths)) < 2:
            return
        path = self._paths.get_version_path(self._base)
        with closing(duckdb.connect(path, read_only=True, config=build_config(path.stat().st_size))) as connection:
            is_damaged = find_damaged_table(connection) is not None
        if is_damaged:
            versions.quarantine(self._paths, self._base)

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Raise failures of the disk inside as StoreError; a base that turns out to be damaged is quarantined."""
        try:
            yield
        except duckdb_errors.STORAGE_ERRORS as error:
            if self._base is not None and duckdb_errors.is_corrupt_on_read(error):
                versions.quarantine(self._paths, self._base)
            raise duckdb_errors.convert_duckdb_error(error, self._paths.staging) from error
