"""A lake as a place that a database is moved from or to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pyarrow

from kpis.errors import StoreError
from kpis.store import journal, positions
from kpis.store.lake import shared_state
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import follow, get_spill_folder
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.lake.leader_lock import LeaderLock, try_lead
from kpis.store.lake.move_marks import read_lake_mark, write_lake_mark
from kpis.store.lake.postgres_session import PostgresSession
from kpis.store.lake.shared_folder import join_shared_folder
from kpis.store.lake.shared_lines import read_file_lines, replace_lines
from kpis.store.lake.staging import LakeStaging
from kpis.store.move_marks import MoveMark
from kpis.store.moving import FilePlace
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import read_columns
from kpis.store.shared_files import InstallationFiles
from kpis.store.staged_version import StagedVersion


class LakePlace:
    """A lake, and the files next to `pointer` into which it is followed; with `data` it is made if there is none."""

    def __init__(
        self, address: LakeAddress, pointer: Path, data: str | None = None, shared: Path | None = None
    ) -> None:
        """`shared`: the folder that the machines of the lake share."""
        self.paths = DatabasePaths(pointer)
        self.files = InstallationFiles(pointer, shared)
        self.lake: LakeAddress = address
        self._data = data
        self._lock: LeaderLock | None = None

    def describe(self) -> str:
        """Return server, port and database."""
        return self.lake.describe()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Lead the lake."""
        with self.try_hold() as is_held:
            if not is_held:
                text = "A sync or another change of the lake at {lake} is under way. Run it again when it has ended."
                raise StoreError(text, lake=self.describe())
            yield

    @contextmanager
    def try_hold(self) -> Iterator[bool]:
        """Lead the lake until the end of the block; yield False if another process does."""
        with try_lead(self.lake) as lock:
            if lock is not None and self._data is not None:
                create_lake(self.lake, self._data, get_spill_folder(self.paths))
                join_shared_folder(self.lake, self.files)
            self._lock = lock
            try:
                yield lock is not None
            finally:
                self._lock = None

    def read_mark(self) -> MoveMark | None:
        """Return the mark in the lake."""
        with closing(self.open_lake()) as lake:
            return read_lake_mark(lake)

    def write_mark(self, mark: MoveMark) -> None:
        """Replace the mark in the lake."""
        if mark.state != "arrived":  # closed before, opened after: what is added between two steps would be lost
            self._write_shared_mark(mark)
        with closing(self.open_lake()) as lake:
            write_lake_mark(lake, mark, self._is_leading)
        if mark.state == "arrived":
            self._write_shared_mark(mark)

    def find_highest_number(self) -> int:
        """Return the number of its version, or of one that was followed here and is higher."""
        with closing(self.open_lake()) as lake:
            return max(lake.version, FilePlace(self.paths.pointer).find_highest_number())

    def open_version(self) -> LakeVersion | None:
        """Open what the lake holds."""
        lake = self.open_lake()
        if lake.version:
            return lake
        lake.close()
        return None

    def open_empty_staging(self, above: int) -> LakeStaging:
        """Return the lake with all rows removed, in one transaction."""
        above = max(above, self.find_highest_number())
        staging = LakeStaging(self.open_lake(), self._is_leading, self.open_version, above=above)
        try:
            staging.is_rewritten, staging.comparison = True, None
            for table in read_columns(staging.connection):
                staging.replace_rows(table, pyarrow.table({}))
        except BaseException:
            staging.__exit__(None, None, None)
            raise
        return staging

    def fill(self, staging: StagedVersion, table: str, rows: pyarrow.RecordBatchReader) -> None:
        """Add all rows with one statement: each writes files of its own."""
        staging.insert_stream(table, rows)

    def bring_home(self) -> None:
        """Bring what the lake holds to the files that pages read."""
        follow(self.lake, self.paths.pointer)

    def take_shared_state(self, source: DatabasePaths) -> None:
        """Put journal, positions, requests and reminders into the tables of the lake, which every machine follows."""
        session = self.get_session()
        shared_state.replace_journal(session, journal.read_lines(source.journal))
        shared_state.write_positions(session, positions.read(source.pointer))
        replace_lines(session, "requests", read_file_lines(source.requests))
        replace_lines(session, "reminders", read_file_lines(source.reminders))
        replace_lines(session, "answers", read_file_lines(source.answers))
        shared_state.bring_over(session, self.paths)

    def _write_shared_mark(self, mark: MoveMark) -> None:
        line = json.dumps(asdict(mark), default=datetime.isoformat, ensure_ascii=False)
        replace_lines(self.get_session(), "move", [line.encode()])

    def get_session(self) -> PostgresSession:
        """Return the session that holds the leader's lock: over it one that has lost it writes nothing."""
        if self._lock is None:
            raise AssertionError(self.describe())
        return self._lock.session

    def open_lake(self) -> LakeVersion:
        """Open what the lake holds, also where nothing was published yet."""
        return LakeVersion(self.lake, open_lake(self.lake, get_spill_folder(self.paths)))

    def _is_leading(self) -> bool:
        return self._lock is not None and self._lock.is_held()
