"""Reads the sources of one sync: files one by one, Google Sheets in one pass.

with SourceReader(sources, pointer, now, os.environ, known_locations) as reader:
    … reader(source, now) for each source …
    reader.record_stored(ids of the sources that the database now holds)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kpis.errors import KpisError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.read_source import read_source

if TYPE_CHECKING:
    from kpis.sources.google.poll import GooglePass


class SourceReader:
    """A reader for `kpis.sync.sync.run`. `google` is the pass, None until a Google Sheet is read.

    `known_locations`: by source id, the location of the last successful read that the database holds
    (source_states). `outdated_ids`: sources whose stored rows are of another version of the reader, so they
    are read even if unchanged. `read_all`: read every Google Sheet; `budget`: at most so many reads; `write`:
    request permission to write feedback; `environment` holds the key.
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
    ) -> None:
        self.google: GooglePass | None = None
        self._sources, self._pointer, self._now = tuple(sources), pointer, now
        self._environment, self._known_locations = environment, known_locations
        self._outdated_ids = frozenset(outdated_ids)
        self._read_all, self._budget, self._write = read_all, budget, write
        self._open_error: KpisError | None = None
        self._exit_stack = ExitStack()

    def __call__(self, source: Source, now: datetime) -> RawSheet | None:
        """Read a source; None if it has not changed since the last successful read that the database holds.

        Raises SourceError or UsageError if it cannot be read, as every Google Sheet if there is no key.
        """
        return self._get_pass().read(source) if source.kind == "google" else read_source(source, now)

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
                )
            except KpisError as error:
                self._open_error = error
                raise
            self.google = self._exit_stack.enter_context(google)
        return self.google

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit_stack.__exit__(kind, error, trace)
