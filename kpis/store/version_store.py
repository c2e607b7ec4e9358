"""Where versions are written and compared: the faces that a sync uses, and their form as files next to a pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pyarrow

from kpis.errors import StoreError
from kpis.store import journal, positions, versions
from kpis.store.database import Database
from kpis.store.formats import EPOCH
from kpis.store.journal import ChangeRecord
from kpis.store.lock import try_lock
from kpis.store.move_marks import require_files_to_publish
from kpis.store.orders import Order
from kpis.store.paths import DatabasePaths
from kpis.store.positions import FindingKey, Position, Positions
from kpis.store.staged_version import StagedVersion
from kpis.store.staging import Staging

_SMALLEST_STEP = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of one publication, naive UTC."""

    read_at: datetime
    """When sources are read."""
    recorded_at: datetime
    """What rows are recorded at."""
    judged_at: datetime
    """By whose day rows are judged."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The process that holds the writer's lock."""

    host: str
    process_id: int | None
    """None where its session was not opened by this product."""
    since: datetime | None
    """UTC, naive; None where it may not be seen."""


class RowReader(Protocol):
    """What answers queries: a version, or the copy of it that is being changed."""

    def fetch_rows(self, sql: str, params: Mapping[str, object] | None = None, /) -> list[dict[str, object]]:
        """Return every row of a query as a dict by column; parameters are bound by name."""

    def fetch_table(self, sql: str, params: Mapping[str, object] | None = None, /) -> pyarrow.Table:
        """Return the result of a query as an Arrow table."""


class CurrentVersion(RowReader, Protocol):
    """The version that a sync compares with."""

    @property
    def version(self) -> int:
        """Its number."""

    @property
    def meta(self) -> Mapping[str, str]:
        """Its properties (table `meta`)."""

    @property
    def format(self) -> str | None:
        """The number of its format; None if it has none."""

    @property
    def has_older_format(self) -> bool:
        """True if an earlier release wrote it."""

    def close(self) -> None:
        """End reading it."""


class VersionStore(Protocol):
    """Where versions are published. Whoever writes holds its lock."""

    @property
    def paths(self) -> DatabasePaths:
        """The files that pages read, and those next to them."""

    def try_lock(self) -> AbstractContextManager[bool]:
        """Yield True if this process got the writer's lock, False if another one holds it.

        StoreError where nothing may be published: it was moved elsewhere.
        """

    def is_leading(self) -> bool:
        """Ask, under the lock, whether this process still holds it: before anything is written elsewhere."""

    def find_writer(self) -> Writer | None:
        """Return who holds the lock, where that can be told."""

    def read_clock(self, now: datetime) -> datetime:
        """Return the clock of what is recorded, under the lock; `now` is this machine's (naive UTC)."""

    def find_moments(self, last: datetime | None, now: datetime) -> Moments:
        """Return the moments of a publication after the one recorded at `last`, under the lock.

        `now`: the clock of the sync, by which rows are judged (naive UTC).
        """

    def clear_leftovers(self) -> None:
        """Remove what a killed writer left, under the lock."""

    def has_version(self) -> bool:
        """True if anything was ever published."""

    def open_current(self, *, accept_older: bool = False) -> CurrentVersion | None:
        """Open the current version; None before the first sync. `accept_older`: also one of an older format."""

    def open_staging(self, base: CurrentVersion | None) -> StagedVersion:
        """Return a copy of the version that was opened, or empty tables, to be changed and published."""

    def bring_home(self) -> None:
        """Bring what was published to the files that pages read."""

    def append_journal(self, record: Mapping[str, object]) -> None:
        """Add a record to the sync journal, for the holder of the lock."""

    def rewrite_journal(self, change: ChangeRecord) -> None:
        """Replace every record of the sync journal by what `change` returns, for the holder of the lock."""

    def read_positions(self) -> dict[str, dict[FindingKey, Position]]:
        """Return the positions of findings that differ from the version's, by source."""

    def write_positions(self, moved: Positions) -> None:
        """Replace the positions of findings that differ from the version's, for the holder of the lock."""

    def list_waiting_orders(self) -> Sequence[Order]:
        """Return what pages have asked for that is not answered, for the holder of the lock."""

    def answer_orders(self, answers: Mapping[str, str]) -> None:
        """Answer orders by id, for the holder of the lock."""


@contextmanager
def hold_writer_lock(store: VersionStore) -> Iterator[None]:
    """Hold the writer's lock, with a lake that of all its machines. StoreError if another process has it."""
    with store.try_lock() as is_acquired:
        if not is_acquired:
            text = "A sync is under way at {path}. Run it again when it has ended."
            raise StoreError(text, path=store.paths.pointer)
        yield


class FileStore:
    """Versions as files next to a pointer, which is what pages read."""

    def __init__(self, pointer: Path) -> None:
        self.paths = DatabasePaths(pointer)

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """Yield True if this process got the lock, False if another one holds it. StoreError if it was moved."""
        with try_lock(self.paths.lock) as is_acquired:
            if is_acquired:
                require_files_to_publish(self.paths.pointer)
            yield is_acquired

    def is_leading(self) -> bool:
        """Return True: the lock of a file is not lost while its process lives."""
        return True

    def find_writer(self) -> Writer | None:
        """Return None: the lock of a file does not tell."""
        return None

    def read_clock(self, now: datetime) -> datetime:
        """Return `now`: the machine's clock is that of what is recorded."""
        return now

    def find_moments(self, last: datetime | None, now: datetime) -> Moments:
        """Return `now`, but reading never runs backwards, and two syncs of a clock that stands are told apart."""
        read_at = max(now, last) if last else now
        recorded_at = now if last is None or now > last else last + _SMALLEST_STEP
        return Moments(read_at, recorded_at, judged_at=read_at)

    def clear_leftovers(self) -> None:
        """Remove unpublished files."""
        versions.clear_leftovers(self.paths)

    def has_version(self) -> bool:
        """True if there is a version."""
        return versions.find_current_version(self.paths.pointer) is not None

    def open_current(self, *, accept_older: bool = False) -> Database | None:
        """Open the current version, as `Database.open` does. StoreError if it came from a lake."""
        current = Database.open(self.paths.pointer, accept_older=accept_older)
        if current is not None and EPOCH in current.meta:
            current.close()
            text = "{path} is what this machine brought over from a lake. Name the lake in KPIS_DATABASE."
            raise StoreError(text, path=self.paths.pointer)
        return current

    def open_staging(self, base: CurrentVersion | None) -> Staging:
        """Return a copy of the file of `base`, or of empty tables."""
        return Staging(self.paths, None if base is None else base.version)

    def bring_home(self) -> None:
        """Do nothing: what was published is there already."""

    def append_journal(self, record: Mapping[str, object]) -> None:
        """Add a line to the file of the journal."""
        journal.append(self.paths.journal, record)

    def rewrite_journal(self, change: ChangeRecord) -> None:
        """Replace the records in the file of the journal."""
        journal.rewrite(self.paths.journal, change)

    def read_positions(self) -> dict[str, dict[FindingKey, Position]]:
        """Return what the file of positions holds."""
        return positions.read(self.paths.pointer)

    def write_positions(self, moved: Positions) -> None:
        """Replace the file of positions."""
        positions.write(self.paths.pointer, moved)

    def list_waiting_orders(self) -> Sequence[Order]:
        """Return nothing: pages beside files do themselves what they are asked for."""
        return ()

    def answer_orders(self, answers: Mapping[str, str]) -> None:
        """Do nothing: there are no orders."""
