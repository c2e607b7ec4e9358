"""Reading the database: one published version, read-only, one cursor per query (design.md §7)."""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kpis.errors import StoreError
from kpis.store import duckdb_errors, sql
from kpis.store.answers import KeptAnswers
from kpis.store.files import convert_os_error
from kpis.store.formats import check_format, is_older_format
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import find_missing_part, read_columns
from kpis.store.scopes.scope import Scope
from kpis.store.scopes.scoped_versions import ScopedVersion
from kpis.store.versions import drop_stale_wal, list_candidates, quarantine, read_pointer

if TYPE_CHECKING:
    import pyarrow

Config = dict[str, str | bool | int | float | list[str]]

_HARDENED_CONFIG: Config = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}

ONE_THREAD_BYTES = 32 * 1024 * 1024
"""Up to this size (some 300 thousand entries) one thread asks a file: to share the work costs more than it gives."""

_FETCH_SIZE = 2_000
"""Rows that `Database.iterate_rows` fetches at a time."""

_STREAM_ROWS = 50_000


def build_config(size: int) -> Config:
    """Return DuckDB's settings for a file of `size` bytes (docs/decisions/store.md)."""
    return {**_HARDENED_CONFIG, "threads": 1} if size <= ONE_THREAD_BYTES else _HARDENED_CONFIG


class Database:
    """One version, open for reading until `close`. Threads may share it: every query has its own cursor."""

    scope: Scope | None = None
    """What its queries see; None for everything."""

    _schema: str | None = None
    _unscoped: Database | None = None

    @property
    def unscoped(self) -> Database:
        """The same version without a scope, for what is done after the right to do it was checked."""
        return self._unscoped or self

    @property
    def with_all_agencies(self) -> Database:
        """The same version with the plans of its scope and the rows of every agency: those of some change verdicts."""
        if self.scope is None or self.scope.agencies is None:
            return self
        return self.unscoped.for_scope(Scope(self.scope.plans))

    def __init__(self, paths: DatabasePaths, number: int, *, accept_older: bool = False) -> None:
        self.version = number
        self._scoped_lock = threading.Lock()
        self._scoped_versions: list[ScopedVersion] = []
        self._answers = KeptAnswers()
        self._paths = paths
        self._connection = _connect(paths, number)
        try:
            self.meta: dict[str, str] = {
                str(row["key"]): str(row["value"])
                for row in self.fetch_rows("select key, value from meta where value is not null")
            }
            check_format(self.format, paths.get_version_path(number), accept_older=accept_older)
            missing = find_missing_part(self._connection, is_older=self.has_older_format)
            if missing is not None:
                raise duckdb.IOException(duckdb_errors.MISSING_PART_MESSAGE.format(part=missing))
            self._plan_changes = self._read_plan_changes()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, pointer: Path, *, accept_older: bool = False) -> Database | None:
        """Open the version that the pointer names, or the newest earlier one that opens.

        Returns None before the first sync. A version that does not open is quarantined and listed on the
        sources page. StoreError if none opens, if another program holds the file, or if another release
        wrote it; `accept_older` is for the sync that carries an older format over.
        """
        paths = DatabasePaths(pointer)
        skipped: set[int] = set()
        while True:
            number = next((version for version in list_candidates(paths) if version not in skipped), None)
            if number is None:
                break
            path = paths.get_version_path(number)
            try:
                return cls(paths, number, accept_older=accept_older)
            except FileNotFoundError:  # removed after it was listed: there is a newer one
                skipped.add(number)
            except duckdb.Error as error:
                if path.exists() and not duckdb_errors.is_corrupt_on_open(error):
                    raise duckdb_errors.convert_duckdb_error(error, path) from error
                skipped.add(number)
                quarantine(paths, number)
        if skipped or paths.list_quarantined():
            raise StoreError(
                "No version of the database at {path} can be opened, so nothing is read or published. Restore a "
                "backup: {restore}. Without one, move the files {files} out of the folder and run {sync}: the sheets "
                "are read again, and what was known at earlier moments is lost.",
                path=pointer,
                restore="python -m kpis restore …",
                files=f"{paths.stem}-*.duckdb*, {pointer.name}",
                sync="python -m kpis sync",
            )
        return None

    @property
    def format(self) -> str | None:
        """The number of its format; None if it has none."""
        return self.meta.get("format")

    @property
    def has_older_format(self) -> bool:
        """True if an earlier release wrote it."""
        return is_older_format(self.format)

    @property
    def pointer(self) -> Path:
        """The pointer file; it names this version or, by now, a newer one."""
        return self._paths.pointer

    def fetch_rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, object]]:
        """Return every row of a query as a dict by column; parameters are bound by name (`$as_of`)."""
        return list(self.iterate_rows(sql, params))

    def recall_rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, object]]:
        """Return the same rows, kept from when they were last asked for; lists in them are shared: change none."""
        return self._answers.get_or_ask(self._schema, sql, params or {}, lambda: self.iterate_rows(sql, params))

    def iterate_rows(self, sql: str, params: Mapping[str, object] | None = None) -> Iterator[dict[str, object]]:
        """Yield the same rows, fetched in batches: for results too large for memory."""
        with closing(self._open_cursor(sql, params)) as cursor:
            names = [column[0] for column in cursor.description or ()]
            while rows := cursor.fetchmany(_FETCH_SIZE):
                for row in rows:
                    yield dict(zip(names, row, strict=True))

    def fetch_table(self, sql: str, params: Mapping[str, object] | None = None) -> pyarrow.Table:
        """Return the result of a query as an Arrow table, the cheapest form for many rows."""
        with closing(self._open_cursor(sql, params)) as cursor:
            return cursor.to_arrow_table()

    def open_reader(self, sql: str) -> pyarrow.RecordBatchReader:
        """Return the result of a query as a stream of some ten thousand rows at a time: for whole tables."""
        return self._open_cursor(sql, None).to_arrow_reader(_STREAM_ROWS)

    def close(self) -> None:
        """Close the file; running queries finish first."""
        self._connection.close()
        for scoped in self._scoped_versions:
            scoped.connection.close()

    def find_last_change(self, plan: str) -> int:
        """Return the version in which a row of a plan last differed; this version where that is not known."""
        return self._plan_changes.get(plan, self.version)

    def _read_plan_changes(self) -> dict[str, int]:
        # A restored file has another number than it was published under: its numbers may mean other figures here.
        if self.has_older_format or self.meta.get("version") != str(self.version):
            return {}
        rows = self.iterate_rows("select plan, version from plan_changes")
        return {str(row["plan"]): int(str(row["version"])) for row in rows}

    def for_scope(self, scope: Scope) -> Database:
        """Return the same version with only what a scope sees. StoreError if a table has no rule for it."""
        with self._scoped_lock:
            if not self._scoped_versions:
                path = self._paths.get_version_path(self.version)
                try:
                    self._scoped_versions.append(ScopedVersion(path, build_config(path.stat().st_size)))
                except duckdb.Error as error:
                    raise duckdb_errors.convert_duckdb_error(error, path) from error
        scoped = copy.copy(self)
        scoped._unscoped = self.unscoped
        scoped.scope = scope
        scoped._schema = self._scoped_versions[0].get_schema(scope)
        scoped._connection = self._scoped_versions[0].connection
        return scoped

    def _open_cursor(self, sql: str, params: Mapping[str, object] | None) -> duckdb.DuckDBPyConnection:
        # A query on the shared connection would return other threads' rows without an error.
        cursor = self._connection.cursor()
        try:
            if self._schema is not None:
                cursor.execute(f"use {self._schema}")
            return cursor.execute(sql, dict(params or {}))
        except duckdb.Error as error:
            cursor.close()
            if not duckdb_errors.is_corrupt_on_read(error):
                raise
            path = self._paths.get_version_path(self.version)
            quarantine(self._paths, self.version)
            raise StoreError(
                "{path} is damaged and was quarantined; the previous version is used. Open the page again; "
                "the next sync reads every source into a new version.",
                path=path,
            ) from error


def _connect(paths: DatabasePaths, number: int) -> duckdb.DuckDBPyConnection:
    path = paths.get_version_path(number)
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise convert_os_error(error, path) from error
    drop_stale_wal(path)
    connection = duckdb.connect(path, read_only=True, config=build_config(size))
    content = read_pointer(paths)
    if content is not None and content.version == number and content.size != size:
        # Either the file was cut, or the pointer is wrong: only reading all of it can tell.
        try:
            _read_everything(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _read_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every value once; DuckDB compares the checksum of each block, and a cut file ends too early."""
    for table in read_columns(connection):
        name = sql.quote_identifier(table)
        connection.execute(f"select max(hash(row_values)) from {name} as row_values").fetchall()  # noqa: S608
