"""Reading everything that is configured, once: what `sync`, the pages' button and the first visit share.

Imports what is below it, down to `measures`, which fills what a version holds computed. The made-up sample
stands still in time: its sheets were read at nine on its own days, the earlier ones before it (design.md §6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from kpis.errors import KpisError
from kpis.feedback.google import scheduler as answers
from kpis.feedback.google.scheduler import FeedbackSnapshots
from kpis.language import clock
from kpis.measures import publish
from kpis.measures.row_totals import build_row_totals
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.settings import Settings
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile, load_sources
from kpis.sources.source_reader import SourceReader
from kpis.store import versions
from kpis.store.database import Database
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.sync import sync
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message, SourceResult, SyncResult
from kpis.sync.state import read_states

_SAMPLE_READ_TIME = time(9)


def refresh(
    settings: Settings,
    environ: Mapping[str, str],
    now: datetime,
    *,
    explicit_now: bool = False,
    accept_shrink: Collection[str] = (),
    progress: sync.SyncProgress | None = None,
    interval: timedelta | None = None,
) -> SyncResult:
    """One sync of the configured sources into `used.pointer`; a sample begins with its earlier readings.

    `now` (naive UTC) is the clock; a sample with a day of its own has that one, unless `asked_now`. `every`
    is the time until the next sync, which this one leaves alone: of many Google Sheets some then wait their
    turn. Raises UsageError, RegisterError and StoreError; a source that fails is in the result.
    """
    register = load_register(overlay=settings.overlay)
    sources = load_sources(settings.sources, register.plans)
    fresh = not explicit_now and versions.find_current_version(settings.pointer) is None
    earlier = list(_load_earlier_files(sources)) if fresh else []
    whole = sum(len(reading.sources) for reading in (*earlier, sources))
    done = 0
    for reading in earlier:
        told = _offset_progress(progress, done, whole)
        result = _sync_once(
            reading, settings.pointer, register, choose_sync_time(reading, now), environ, (), told, None
        )
        if result.running:
            return result
        done += len(reading.sources)
    at = now if explicit_now else choose_sync_time(sources, now)
    told = _offset_progress(progress, done, whole)
    return _sync_once(sources, settings.pointer, register, at, environ, accept_shrink, told, interval)


def choose_sync_time(sources: SourcesFile, now: datetime) -> datetime:
    """The clock of a sync: a sample's own day at nine in the morning in Việt Nam, else `now` (naive UTC)."""
    if sources.today is None:
        return now
    return clock.to_utc(datetime.combine(sources.today, _SAMPLE_READ_TIME))


def _load_earlier_files(sources: SourcesFile) -> Iterator[SourcesFile]:
    for path in sources.earlier_files:
        before = load_sources(path)
        yield from _load_earlier_files(before)
        yield replace(before, earlier_files=())


def _offset_progress(
    progress: sync.SyncProgress | None, done_before: int, total: int
) -> sync.SyncProgress | None:
    """Progress over all readings, told as that of one; only the last reading's end is the end."""
    if progress is None:
        return None

    def told(done: int, _of: int, source: str) -> None:
        if source or done_before + done == total:
            progress(done_before + done, total, source)

    return told


def _sync_once(
    sources: SourcesFile,
    pointer: Path,
    register: Register,
    now: datetime,
    environ: Mapping[str, str],
    accept_shrink: Collection[str],
    progress: sync.SyncProgress | None,
    interval: timedelta | None,
) -> SyncResult:
    """One reading. What is read, what is remembered of it and what is answered belong under one lock."""
    with try_lock(DatabasePaths(pointer).lock) as ours:
        if not ours:
            return sync.build_running_result(pointer)
        polled = any(source.kind == "google" for source in sources.sources)
        known = _read_locations(pointer) if polled else {}
        answering = polled and answers.is_feedback_enabled(environ)
        # What a lost version held is in no database any more, whatever is remembered of the sheets.
        lost = polled and versions.has_fallen_back(pointer)
        budget = _get_budget(interval) if polled and not lost else None
        with SourceReader(
            sources.sources, pointer, now, environ, known, read_all=lost, budget=budget, write=answering
        ) as reader:
            follower = _GoogleSyncHandler(
                sources, pointer, register, now, reader, answering, is_manual=interval is None
            )
            compute = publish.publish_totals
            return sync.run_locked(
                sources, pointer, register, now, compute, accept_shrink, progress, reader, follower
            )


class _GoogleSyncHandler:
    """What follows on the reading of Google Sheets: remembering it, answering in them, what to tell."""

    def __init__(
        self,
        sources: SourcesFile,
        pointer: Path,
        register: Register,
        now: datetime,
        reader: SourceReader,
        writes_feedback: bool,
        *,
        is_manual: bool,
    ) -> None:
        self._sources = {source.id: source for source in sources.sources if source.kind == "google"}
        self._pointer, self._register, self._now, self._reader = pointer, register, now, reader
        self._writes_feedback, self._is_manual = writes_feedback, is_manual
        self._sight = FeedbackSnapshots()
        self._read_ids: set[str] = set()

    def handle_reading(self, source: Source, reading: SourceReading) -> None:
        """One source was read well."""
        if source.kind == "google":
            self._read_ids.add(source.id)
            if self._writes_feedback:
                self._sight.record(source, reading)

    def handle_publication(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """The results with all that stands: what the last good read had to say, what keeps answers out."""
        google = self._reader.google
        good = [one.id for one in results if one.outcome in ("changed", "unchanged")]
        self._reader.record_stored(good)
        if google is None:
            return results
        sources = [self._sources[name] for name in good if name in self._sources]
        told = {
            source.id: tuple(map(Message, google.list_notes(source)))
            for source in sources
            if source.id not in self._read_ids
        }
        if self._writes_feedback:
            said = answers.update_feedback(
                sources,
                self._sight,
                self._pointer,
                self._register,
                self._now,
                google,
                build_row_totals,
                is_manual=self._is_manual,
            )
            told = {source.id: (*told.get(source.id, ()), *said.get(source.id, ())) for source in sources}
        return [replace(one, messages=(*one.messages, *told.get(one.id, ()))) for one in results]


def _get_budget(interval: timedelta | None) -> int | None:
    # gspread is slow to import, and many have no Google Sheet at all.
    from kpis.sources.google.poll import compute_read_budget

    return None if interval is None else compute_read_budget(interval)


def _read_locations(pointer: Path) -> dict[str, str]:
    """Where each source's last good read was made; what cannot be told is read afresh."""
    try:
        database = Database.open(pointer)
    except KpisError:  # the sync itself says what is wrong with it
        return {}
    if database is None:
        return {}
    states = read_states(database)
    database.close()
    return {name: state.location for name, state in states.items()}
