"""The database as it is read: one published version, read-only, a cursor to a query (design.md §7)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kpis.errors import StoreError
from kpis.store import duckdb_errors
from kpis.store.files import convert_os_error
from kpis.store.paths import DatabasePaths
from kpis.store.versions import drop_stale_wal, list_candidates, quarantine, read_pointer

if TYPE_CHECKING:
    import pandas
    import pyarrow

FORMAT = "1"
"""Changes when a release can no longer read the tables of the one before."""

HARDENED_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


_FETCH_SIZE = 2_000
"""Rows that `Database.each` makes at a time."""


class Database:
    """One version, open for reading until `close`. Threads may share it: every query has a cursor."""

    def __init__(self, paths: DatabasePaths, number: int) -> None:
        self.version = number
        self._paths = paths
        self._connection = _connect(paths, number)
        self.meta: dict[str, str] = {
            str(row["key"]): str(row["value"])
            for row in self.fetch_rows("select key, value from meta where value is not null")
        }
        if self.meta.get("format") != FORMAT:
            self.close()
            raise StoreError(
                "{path} was written by another release. Install that release again, or name another place "
                "with --database and sync again.",
                path=paths.get_version_path(number),
            )

    @classmethod
    def open(cls, pointer: Path) -> Database | None:
        """The version that the pointer names, or the newest before it that opens; None before the first sync.

        One that will not open is set aside for the sources page. StoreError when nothing opens, or when
        another program holds the file.
        """
        place = DatabasePaths(pointer)
        passed: set[int] = set()
        while True:
            number = next((one for one in list_candidates(place) if one not in passed), None)
            if number is None:
                break
            try:
                return cls(place, number)
            except FileNotFoundError:  # swept between naming and opening it: a newer one is there
                passed.add(number)
            except duckdb.Error as error:
                gone = not place.get_version_path(number).exists()
                if not (gone or duckdb_errors.is_corrupt_on_open(error)):
                    raise duckdb_errors.convert_duckdb_error(error, place.get_version_path(number)) from error
                passed.add(number)
                quarantine(place, number)
        if passed or place.list_quarantined():
            raise StoreError(
                "No version of the database at {path} can be opened. Put the folder back from a backup, or "
                "name another place with --database and sync again.",
                path=pointer,
            )
        return None

    @property
    def pointer(self) -> Path:
        """The pointer that names this version, or a newer one by now."""
        return self._paths.pointer

    def fetch_rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, object]]:
        """Every row of a query as a dict by column; parameters bound by name (`$as_of`)."""
        return list(self.iterate_rows(sql, params))

    def iterate_rows(
        self, sql: str, params: Mapping[str, object] | None = None
    ) -> Iterator[dict[str, object]]:
        """The same rows, so many made at a time: for an answer that is too long to be held."""
        with closing(self._open_cursor(sql, params)) as cursor:
            names = [column[0] for column in cursor.description or ()]
            while rows := cursor.fetchmany(_FETCH_SIZE):
                for row in rows:
                    yield dict(zip(names, row, strict=True))

    def fetch_frame(self, sql: str, params: Mapping[str, object] | None = None) -> pandas.DataFrame:
        """A query's answer as a pandas frame."""
        with closing(self._open_cursor(sql, params)) as cursor:
            return cursor.df()

    def fetch_table(self, sql: str, params: Mapping[str, object] | None = None) -> pyarrow.Table:
        """A query's answer as an Arrow table, the cheapest form for many rows."""
        with closing(self._open_cursor(sql, params)) as cursor:
            return cursor.to_arrow_table()

    def close(self) -> None:
        """Lets go of the file; queries under way finish first."""
        self._connection.close()

    def _open_cursor(self, sql: str, params: Mapping[str, object] | None) -> duckdb.DuckDBPyConnection:
        # A query on the shared connection would return other threads' rows without an error.
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql, dict(params or {}))
        except duckdb.Error as error:
            cursor.close()
            if not duckdb_errors.is_corrupt_on_read(error):
                raise
            path = self._paths.get_version_path(self.version)
            quarantine(self._paths, self.version)
            raise StoreError(
                "{path} is damaged and was set aside; the version before it serves. Open the page again; the "
                "next sync reads every source into a new version.",
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
    said = read_pointer(paths)
    if said and said.version == number and said.size != size:
        raise duckdb.IOException(duckdb_errors.WRONG_SIZE_MESSAGE)
    drop_stale_wal(path)
    return duckdb.connect(path, read_only=True, config=HARDENED_CONFIG)
