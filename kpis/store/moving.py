"""Moves every table from one place to another (files next to a pointer, a lake), compared before it is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow

from kpis.errors import StoreError
from kpis.store import journal, sql, versions
from kpis.store.changes.rules import NOT_COMPARED
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.lake_version import PLACE_KEYS
from kpis.store.lock import try_lock
from kpis.store.move_marks import MoveMark, describe_files, read_file_mark, write_file_mark
from kpis.store.paths import MAX_NUMBER, DatabasePaths
from kpis.store.schema_columns import read_columns
from kpis.store.shared_files import InstallationFiles
from kpis.store.staged_version import StagedVersion
from kpis.store.staging import Staging
from kpis.store.version_store import CurrentVersion


class MovedVersion(CurrentVersion, Protocol):
    """The version that is moved."""

    def open_reader(self, statement: str, /) -> pyarrow.RecordBatchReader:
        """Return the result of a query as a stream."""


class Place(Protocol):
    """Where a database is moved from or to."""

    @property
    def paths(self) -> DatabasePaths:
        """The files that pages read, and those next to them."""

    @property
    def files(self) -> InstallationFiles:
        """Where editions, audit and the record of rights lie."""

    @property
    def lake(self) -> LakeAddress | None:
        """Its lake; None for files."""

    def describe(self) -> str:
        """Return its name, the same from wherever it is named; it may be shown to anyone."""

    def hold(self) -> AbstractContextManager[None]:
        """Hold the writer's lock. StoreError if another process does."""

    def read_mark(self) -> MoveMark | None:
        """Return where it was moved to or came from; the lock is held."""

    def write_mark(self, mark: MoveMark) -> None:
        """Replace that."""

    def find_highest_number(self) -> int:
        """Return the highest number that a version has had here, 0 for none; the lock is held."""

    def open_version(self) -> MovedVersion | None:
        """Open the current version; None if there is none."""

    def open_empty_staging(self, above: int) -> StagedVersion:
        """Return empty tables, to be filled and published under a number above every one here and `above`."""

    def fill(self, staging: StagedVersion, table: str, rows: pyarrow.RecordBatchReader) -> None:
        """Add rows to an empty table of what `open_empty_staging` returned."""

    def bring_home(self) -> None:
        """Bring what was published, with journal and positions, to the files that pages read."""

    def take_shared_state(self, source: DatabasePaths) -> None:
        """Take over the journal and the positions next to another pointer."""


@dataclass(frozen=True)
class FilePlace:
    """Files next to a pointer."""

    pointer: Path
    lake: None = None

    @property
    def paths(self) -> DatabasePaths:
        """The pointer, and the files next to it."""
        return DatabasePaths(self.pointer)

    @property
    def files(self) -> InstallationFiles:
        """All beside the pointer."""
        return InstallationFiles(self.pointer)

    def describe(self) -> str:
        """Return the path of the pointer."""
        return describe_files(self.pointer)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock of a sync."""
        with try_lock(self.paths.lock) as is_acquired:
            if not is_acquired:
                text = "A sync is under way at {path}. Run it again when it has ended."
                raise StoreError(text, path=self.pointer)
            yield

    def read_mark(self) -> MoveMark | None:
        """Return the mark beside the pointer."""
        return read_file_mark(self.pointer)

    def write_mark(self, mark: MoveMark) -> None:
        """Replace the mark beside the pointer."""
        write_file_mark(self.pointer, mark)

    def find_highest_number(self) -> int:
        """Return the highest number of any file, of the pointer and of the journal."""
        numbers = [record.get("version") for record in journal.read(self.paths.journal)]
        written = [number for number in numbers if type(number) is int and 0 < number <= MAX_NUMBER]
        return max([versions.find_next_number(self.paths) - 1, *written])

    def open_version(self) -> Database | None:
        """Open the current version."""
        return Database.open(self.pointer)

    def open_empty_staging(self, above: int) -> Staging:
        """Return empty tables in a file of their own."""
        return Staging(self.paths, None, max(above, self.find_highest_number()) + 1)

    def fill(self, staging: StagedVersion, table: str, rows: pyarrow.RecordBatchReader) -> None:
        """Add rows, some ten thousand at a time."""
        for batch in rows:
            staging.insert(table, pyarrow.Table.from_batches([batch]))

    def bring_home(self) -> None:
        """Do nothing: what was published is there already."""

    def take_shared_state(self, source: DatabasePaths) -> None:
        """Do nothing: they are files, which are copied with the others."""


TableFigures = Mapping[str, tuple[int, str | None]]
"""By table: the number of its rows, and a sum over all that they say, in whatever order they are."""


class TableReader(Protocol):
    """What answers questions about tables."""

    def fetch_rows(self, sql: str, params: Mapping[str, object] | None = None, /) -> list[dict[str, object]]:
        """Return every row of a query."""


def transfer(source: Place, target: Place, properties: Mapping[str, str] | None = None) -> tuple[int, TableFigures]:
    """Publish the current version of `source` at `target`; return its number there and the figures of its tables.

    `properties` are added to those of the version. Both locks are held. StoreError, with nothing published, if any
    table then holds other rows than at the source.
    """
    version = source.open_version()
    if version is None:
        text = "There are no figures at {place} to be moved. Read the sheets first: python -m kpis sync."
        raise StoreError(text, place=source.describe())
    with closing(version), target.open_empty_staging(max(source.find_highest_number(), version.version)) as staging:
        with staging.translate_errors():
            tables = sorted(read_columns(staging.connection).keys() - NOT_COMPARED)
        for table in tables:
            target.fill(staging, table, version.open_reader(sql.load("kpis.store.lake", "all_rows", table=table)))
        figures = read_figures(version, tables)
        _compare(figures, read_figures(staging, tables), target)
        meta = {key: value for key, value in version.meta.items() if key not in PLACE_KEYS}
        number = staging.publish({**meta, **(properties or {})})
    target.bring_home()
    with closing(_open_local(target)) as local:
        _compare(figures, read_figures(local, tables), target)
    return number, figures


def read_figures(reader: TableReader, tables: Iterable[str]) -> TableFigures:
    """Return the figures of tables."""
    figures = {}
    for table in tables:
        (row,) = reader.fetch_rows(sql.load("kpis.store.lake", "contents_of_every_plan", table=table))
        checksum = row["checksum"]
        figures[table] = int(str(row["rows"])), None if checksum is None else str(checksum)
    return figures


def find_differing_table(expected: TableFigures, actual: TableFigures) -> str | None:
    """Return the first table of `expected` with other figures; None if all are the same."""
    return min((table for table in expected if expected[table] != actual.get(table)), default=None)


def _compare(expected: TableFigures, actual: TableFigures, target: Place) -> None:
    differing = find_differing_table(expected, actual)
    if differing is not None:
        text = (
            "The table {table} has other rows at {place} than where it comes from. What was published before is still "
            "used."
        )
        raise StoreError(text, table=differing, place=target.describe())


def _open_local(place: Place) -> Database:
    database = Database.open(place.paths.pointer)
    if database is None:
        raise StoreError("{path} has no figures after the move.", path=place.paths.pointer)
    return database
