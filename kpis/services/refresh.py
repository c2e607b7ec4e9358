"""Read all configured sources once: for `sync`, the pages' button and the first visit.

The made-up sample has its own days: its sheets are read at 9:00 on them, earlier ones first (design.md §6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from kpis.errors import KpisError
from kpis.feedback.google import scheduler
from kpis.feedback.google.scheduler import FeedbackSnapshots
from kpis.language import clock
from kpis.measures import publish
from kpis.measures.row_totals import build_row_totals
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.settings import Settings
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile, load_sources
from kpis.sources.reader_version import READER_VERSION
from kpis.sources.source_reader import SourceReader
from kpis.store import versions
from kpis.store.database import Database
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.sync import sync
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message, SourceResult, SyncResult
from kpis.sync.state import SourceState, read_states

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
    """Sync the configured sources into `settings.pointer`; a new sample starts with its earlier readings.

    `now` is naive UTC; a sample with its own day uses that day unless `explicit_now`. `interval` is the time
    until the next sync: with many Google Sheets, only as many are read as the quota allows in that time.
    Raises UsageError, RegisterError and StoreError; a failing source is in the result.
    """
    register = load_register(overlay=settings.overlay)
    sources = load_sources(settings.sources, register.plans)
    is_first = not explicit_now and versions.find_current_version(settings.pointer) is None
    earlier = list(_load_earlier_files(sources)) if is_first else []
    total = sum(len(reading.sources) for reading in (*earlier, sources))
    done = 0
    for reading in earlier:
        at = choose_sync_time(reading, now)
        offset_progress = _offset_progress(progress, done, total)
        result = _sync_once(reading, settings.pointer, register, at, environ, (), offset_progress, None)
        if result.running:
            return result
        done += len(reading.sources)
    at = now if explicit_now else choose_sync_time(sources, now)
    offset_progress = _offset_progress(progress, done, total)
    return _sync_once(
        sources, settings.pointer, register, at, environ, accept_shrink, offset_progress, interval
    )


def choose_sync_time(sources: SourcesFile, now: datetime) -> datetime:
    """Return the time of a sync: a sample's own day at 9:00 in Việt Nam, else `now` (naive UTC)."""
    if sources.today is None:
        return now
    return clock.to_utc(datetime.combine(sources.today, _SAMPLE_READ_TIME))


def _load_earlier_files(sources: SourcesFile) -> Iterator[SourcesFile]:
    for path in sources.earlier_files:
        earlier = load_sources(path)
        yield from _load_earlier_files(earlier)
        yield replace(earlier, earlier_files=())


def _offset_progress(
    progress: sync.SyncProgress | None, done_before: int, total: int
) -> sync.SyncProgress | None:
    """Return a callback that reports the progress of several readings as that of one."""
    if progress is None:
        return None

    def report_progress(done: int, _total: int, source: str) -> None:
        # An empty source means the end, which only the last reading reports.
        if source or done_before + done == total:
            progress(done_before + done, total, source)

    return report_progress


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
    """Sync once. Reading, caching and writing feedback happen under one lock."""
    with try_lock(DatabasePaths(pointer).lock) as is_acquired:
        if not is_acquired:
            return sync.build_running_result(pointer)
        has_google = any(source.kind == "google" for source in sources.sources)
        states = _read_states(pointer) if has_google else {}
        locations = {name: state.location for name, state in states.items()}
        outdated = [name for name, state in states.items() if state.reader_version != READER_VERSION]
        writes_feedback = has_google and scheduler.is_feedback_enabled(environ)
        # After the loss of a version, the database lacks rows of sheets that the cache says are unchanged.
        is_lost = has_google and versions.has_fallen_back(pointer)
        budget = _get_budget(interval) if has_google and not is_lost else None
        with SourceReader(
            sources.sources,
            pointer,
            now,
            environ,
            locations,
            outdated_ids=outdated,
            read_all=is_lost,
            budget=budget,
            write=writes_feedback,
        ) as reader:
            handler = _GoogleSyncHandler(
                sources, pointer, register, now, reader, writes_feedback, is_manual=interval is None
            )
            compute = publish.publish_totals
            return sync.run_locked(
                sources, pointer, register, now, compute, accept_shrink, progress, reader, handler
            )


class _GoogleSyncHandler:
    """Further steps for Google Sheets: cache what was read, write feedback, collect messages."""

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
        self._snapshots = FeedbackSnapshots()
        self._read_ids: set[str] = set()

    def handle_reading(self, source: Source, reading: SourceReading) -> None:
        """Record the reading of a source that was read successfully."""
        if source.kind == "google":
            self._read_ids.add(source.id)
            if self._writes_feedback:
                self._snapshots.record(source, reading)

    def handle_publication(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """Return the results with all current notes: from the last good read and from writing feedback."""
        google = self._reader.google
        good_ids = [result.id for result in results if result.outcome in ("changed", "unchanged")]
        self._reader.record_stored(good_ids)
        if google is None:
            return results
        sources = [self._sources[name] for name in good_ids if name in self._sources]
        messages = {
            source.id: tuple(map(Message, google.list_notes(source)))
            for source in sources
            if source.id not in self._read_ids
        }
        if self._writes_feedback:
            feedback_messages = scheduler.update_feedback(
                sources,
                self._snapshots,
                self._pointer,
                self._register,
                self._now,
                google,
                build_row_totals,
                is_manual=self._is_manual,
            )
            messages = {
                source.id: (*messages.get(source.id, ()), *feedback_messages.get(source.id, ()))
                for source in sources
            }
        return [
            replace(result, messages=(*result.messages, *messages.get(result.id, ()))) for result in results
        ]


def _get_budget(interval: timedelta | None) -> int | None:
    # Imported here: gspread is slow to import, and many installations have no Google Sheet.
    from kpis.sources.google.poll import compute_read_budget

    return None if interval is None else compute_read_budget(interval)


def _read_states(pointer: Path) -> dict[str, SourceState]:
    """Return the state of each source's last good read; empty if the database cannot be read."""
    try:
        database = Database.open(pointer)
    except KpisError:  # the sync reports it
        return {}
    if database is None:
        return {}
    states = read_states(database)
    database.close()
    return states
