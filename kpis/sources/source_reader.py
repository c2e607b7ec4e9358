"""Reads the sources of one sync: files one by one in another process, Google Sheets in one pass.

with SourceReader(sources, pointer, now, os.environ, known_locations) as reader:
    … reader(source, now) for each source …
    reader.record_stored(ids of the sources that the database now holds)
    reader.record_files(results of the files that the database now holds)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kpis.errors import KpisError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.bounds import TooCostlyError
from kpis.sources.faults import build_fault_error
from kpis.sources.file_memory import FileMemory, FileReading, are_settled
from kpis.sources.file_parser import FileParser
from kpis.sources.file_stamps import read_stamps

if TYPE_CHECKING:
    from kpis.sources.google.poll import GooglePass
    from kpis.store.lake.address import LakeAddress


class SourceReader:
    """A reader for `kpis.sync.sync.run`. `google` is the pass, None until a Google Sheet is read.

    `known_locations`: by source id, the location of the last successful read that the database holds
    (source_states). `outdated_ids`: sources whose stored rows are of another version of the reader, so they
    are read even if unchanged. `read_all`: read every Google Sheet; `budget`: at most so many reads; `write`:
    request permission to write feedback, `may_write` is asked before each write; `environment` holds the key.
    `stored`: by source id, what the database holds of it, as one text; a file is skipped only if its last read gave
    that. `parser` parses them. `skips_costly`: an unchanged file that cost too much to parse fails for an hour without
    being parsed again.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        pointer: Path,
        now: datetime,
        environment: Mapping[str, str],
        known_locations: Mapping[str, str],
        *,
        outdated_ids: Collection[str] = (),
        read_all: bool = False,
        budget: int | None = None,
        write: bool = False,
        lake: LakeAddress | None = None,
        may_write: Callable[[], bool] = lambda: True,
        stored: Mapping[str, str] | None = None,
        parser: FileParser | None = None,
        skips_costly: bool = False,
    ) -> None:
        self.google: GooglePass | None = None
        self._sources, self._pointer, self._now = tuple(sources), pointer, now
        self._environment, self._known_locations = environment, known_locations
        self._outdated_ids = frozenset(outdated_ids)
        self._read_all, self._budget, self._write, self._lake = read_all, budget, write, lake
        self._may_write = may_write
        self._open_error: KpisError | None = None
        self._exit_stack = ExitStack()
        self._stored = dict(stored or {})
        self._file_memory, self._skips_costly = FileMemory(pointer), skips_costly
        self._parser = parser if parser is not None else self._exit_stack.enter_context(FileParser())
        self._new_readings: dict[str, FileReading] = {}
        self._old_readings: dict[str, FileReading] = {}

    def __call__(self, source: Source, now: datetime) -> RawSheet | None:
        """Read a source; None if it has not changed since the last successful read that the database holds.

        Raises SourceError or UsageError if it cannot be read, as every Google Sheet if there is no key, and
        OSError. Whatever else goes wrong becomes a SourceError too: it is the fault of this source alone.
        """
        try:
            return self._get_pass().read(source) if source.kind == "google" else self._read_file(source, now)
        except (KpisError, OSError):
            raise
        except Exception as error:
            raise build_fault_error(source, error) from error

    @property
    def new_file_ids(self) -> Collection[str]:
        """The ids of the files that were parsed in this pass, whatever became of their rows."""
        return self._new_readings.keys()

    def list_file_messages(self, source_id: str) -> tuple[Mapping[str, object], ...]:
        """Return what the last good read of a file had to say, as JSON; nothing if it was read just now."""
        reading = self._old_readings.get(source_id)
        return reading.messages if reading else ()

    def record_files(self, stored: Mapping[str, str], messages: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
        """Remember files whose read the database now holds: what it holds of each, and their messages."""
        for source_id, reading in self._new_readings.items():
            if source_id in stored and source_id in messages:
                changes = replace(reading, stored=stored[source_id], messages=tuple(messages[source_id]))
                self._file_memory.store(source_id, changes)
        self._file_memory.save()

    def _read_file(self, source: Source, now: datetime) -> RawSheet | None:
        began_ns = time.time_ns()
        unchanged = self._file_memory.find_unchanged(source, self._stored.get(source.id), began_ns)
        if unchanged is not None:
            self._old_readings[source.id] = unchanged
            return None
        if self._skips_costly and (costly := self._file_memory.find_costly(source, began_ns)) is not None:
            raise costly
        stamps = read_stamps(source)
        try:
            parsed = self._parser.parse(source, now)
        except TooCostlyError as error:
            if stamps is not None and are_settled(stamps, began_ns):
                self._file_memory.store_costly(source, stamps, began_ns, error)
            raise
        if parsed.digests is not None and stamps is not None and read_stamps(source) == stamps:
            self._new_readings[source.id] = FileReading(
                source.plan,
                source.kind,
                source.location,
                stamps,
                parsed.digests,
                is_settled=are_settled(stamps, began_ns),
                ignored_tabs=source.ignored_tabs,
            )
        return parsed.sheet

    def record_stored(self, stored_ids: Collection[str]) -> None:
        """Record the ids of sources whose read the database now holds."""
        for source in self._sources:
            if self.google is not None and source.kind == "google" and source.id in stored_ids:
                self.google.confirm_read(source)
        if self.google is not None:
            self.google.save()

    def _get_pass(self) -> GooglePass:
        # gspread is slow to import, and many installations have no Google Sheet.
        from kpis.sources.google.poll import open_pass

        if self._open_error is not None:
            raise self._open_error
        if self.google is None:
            try:
                google = open_pass(
                    self._sources,
                    self._pointer,
                    self._now,
                    self._environment,
                    stored_locations=self._known_locations,
                    outdated_ids=self._outdated_ids,
                    read_all=self._read_all,
                    read_budget=self._budget,
                    write=self._write,
                    lake=self._lake,
                    may_write=self._may_write,
                )
            except KpisError as error:
                self._open_error = error
                raise
            except Exception as error:
                self._open_error = build_fault_error(self._get_google_source(), error)
                raise self._open_error from error
            self.google = self._exit_stack.enter_context(google)
        return self.google

    def _get_google_source(self) -> Source:
        return next(source for source in self._sources if source.kind == "google")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit_stack.__exit__(kind, error, trace)
