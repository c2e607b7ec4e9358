"""Read all configured sources once: for `sync`, the pages' button and the first visit.

The made-up sample has its own days: its sheets are read at 9:00 on them, earlier ones first (design.md §6).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kpis.errors import KpisError
from kpis.feedback.google import scheduler
from kpis.feedback.google.problem_messages import FEEDBACK_FAULT
from kpis.feedback.google.scheduler import FeedbackSnapshots
from kpis.language import clock
from kpis.measures.row_totals import build_row_figures
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.services.backup.placing import finish_restore
from kpis.services.checked_publication import RightCheck, build_computation
from kpis.services.orders import SyncOrders, build_right_check
from kpis.services.plan_orders import carry_out_plan_orders
from kpis.services.request_writing import write_open_requests
from kpis.services.stored_sources import read_stored_sources
from kpis.settings import Settings, find_overlay
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile, load_sources
from kpis.sources.file_parser import FileParser
from kpis.sources.google.read_schedule import compute_read_budget
from kpis.sources.source_reader import SourceReader
from kpis.store import versions
from kpis.store.lake.address import LakeAddress
from kpis.store.opening import find_lake, open_store
from kpis.store.shared_files import InstallationFiles, find_files
from kpis.store.version_store import VersionStore
from kpis.sync import sync
from kpis.sync.note_messages import is_wholly_read
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message, SourceResult, SyncResult

if TYPE_CHECKING:
    from kpis.sources.google.poll import GooglePass

_SAMPLE_READ_TIME = time(9)

_log = logging.getLogger("kpis.services")


def refresh(
    settings: Settings,
    environ: Mapping[str, str],
    now: datetime,
    *,
    explicit_now: bool = False,
    accept_shrink: Collection[str] = (),
    progress: sync.SyncProgress | None = None,
    interval: timedelta | None = None,
    accepts_clock: bool = False,
    check_right: RightCheck | None = None,
) -> SyncResult:
    """Sync the configured sources into `settings.pointer`; a new sample starts with its earlier readings.

    `now` is naive UTC; a sample with its own day uses that day unless `explicit_now`. `interval` is the time
    until the next sync: with many Google Sheets, only as many are read as the quota allows in that time.
    `accepts_clock`: a person has accepted that the clock of a lake differs from this machine's. `check_right` is
    called once all is read, before anything is published, and may raise.
    Raises UsageError, RegisterError and StoreError; a failing source is in the result.
    """
    store = open_store(settings, accepts_clock=accepts_clock)
    if finish_restore(settings, environ) | carry_out_plan_orders(store, settings, environ, now):
        settings = replace(settings, overlay=find_overlay(environ, settings.sources))
    register = load_register(overlay=settings.overlay)
    sources = load_sources(settings.sources, register.plans)
    is_first = not explicit_now and not store.has_version()
    earlier = list(_load_earlier_files(sources)) if is_first else []
    total = sum(len(reading.sources) for reading in (*earlier, sources))
    done = 0
    with FileParser() as parser:
        for reading in earlier:
            at = choose_sync_time(reading, now)
            offset_progress = _offset_progress(progress, done, total)
            result = _sync_once(reading, store, register, at, environ, (), offset_progress, None, parser, settings)
            if result.running:
                return result
            done += len(reading.sources)
        at = now if explicit_now else choose_sync_time(sources, now)
        offset_progress = _offset_progress(progress, done, total)
        return _sync_once(
            sources, store, register, at, environ, accept_shrink, offset_progress, interval, parser, settings,
            check_right,
        )  # fmt: skip


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


def _offset_progress(progress: sync.SyncProgress | None, done_before: int, total: int) -> sync.SyncProgress | None:
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
    store: VersionStore,
    register: Register,
    now: datetime,
    environ: Mapping[str, str],
    accept_shrink: Collection[str],
    progress: sync.SyncProgress | None,
    interval: timedelta | None,
    parser: FileParser,
    settings: Settings,
    check_right: RightCheck | None = None,
) -> SyncResult:
    """Sync once. Reading, caching and writing feedback happen under one lock."""
    pointer = store.paths.pointer
    with store.try_lock() as is_acquired:
        if not is_acquired:
            return sync.build_running_result(store)
        plans = {source.id: source.plan for source in sources.sources}
        orders = SyncOrders(store, plans, build_right_check(settings, environ, plans))
        interval = None if orders.wants_reading else interval
        accept_shrink = {**sync.name_persons(accept_shrink), **orders.persons_by_source}
        has_google = any(source.kind == "google" for source in sources.sources)
        stored = read_stored_sources(pointer, sources.sources)
        current = {name: source for name, source in stored.items() if source.is_of_this_reader}
        today = clock.to_local_day(now)
        writes_feedback = has_google and scheduler.is_feedback_enabled(environ)
        # After the loss of a version, the database lacks rows of sheets that the cache says are unchanged.
        is_lost = has_google and versions.has_fallen_back(pointer)
        budget = compute_read_budget(interval) if interval is not None and has_google and not is_lost else None
        with orders.answer_failure(), SourceReader(
            sources.sources, pointer, now, environ,
            {name: source.state.location for name, source in stored.items()},
            outdated_ids=stored.keys() - current.keys(),
            read_all=is_lost, budget=budget, write=writes_feedback, lake=find_lake(settings),
            may_write=store.is_leading, parser=parser, skips_costly=interval is not None,
            stored={name: each.contents for name, each in current.items() if each.is_judged(register, today)},
        ) as reader:  # fmt: skip
            google = _GoogleSyncHandler(
                sources, find_files(settings), register, now, reader, writes_feedback,
                is_manual=interval is None, lake=find_lake(settings),
            )  # fmt: skip
            handler = _SourceSyncHandler(google, reader, pointer, sources, frozenset(accept_shrink))
            compute = build_computation(check_right)
            result = sync.run_locked(sources, store, register, now, compute, accept_shrink, progress, reader, handler)
        orders.answer(result)
        return result


class _GoogleSyncHandler:
    """Further steps for Google Sheets: cache what was read, write feedback, collect messages."""

    def __init__(
        self,
        sources: SourcesFile,
        files: InstallationFiles,
        register: Register,
        now: datetime,
        reader: SourceReader,
        writes_feedback: bool,
        *,
        is_manual: bool,
        lake: LakeAddress | None,
    ) -> None:
        self._lake = lake
        self._sources = {source.id: source for source in sources.sources if source.kind == "google"}
        self._all_sources, self._is_sample = sources.sources, sources.sample
        self._files, self._register, self._now, self._reader = files, register, now, reader
        self._writes_feedback, self._is_manual = writes_feedback, is_manual
        self._snapshots = FeedbackSnapshots()
        self._read_ids: set[str] = set()

    def handle_reading(self, source: Source, reading: SourceReading) -> None:
        """Record the reading of a source that was read successfully."""
        if source.kind == "google":
            self._read_ids.add(source.id)
            if self._writes_feedback:
                try:
                    self._snapshots.record(source, reading)
                except Exception as error:  # noqa: BLE001 - its figures count; its feedback is looked at later
                    _log.warning("fault while looking at the feedback of %s", source.id, exc_info=error)

    def handle_publication(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """Return the results with all current notes: from the last good read and from writing feedback."""
        google = self._reader.google
        good_ids = [result.id for result in results if result.outcome in ("changed", "unchanged")]
        self._reader.record_stored(good_ids)
        if not self._is_sample:
            writable = google if self._writes_feedback else None
            if fault := write_open_requests(
                self._files.pointer, self._all_sources, good_ids, writable, self._now, self._lake
            ):
                results = [replace(result, messages=(*result.messages, fault)) for result in results]
        if google is None:
            return results
        sources = [self._sources[name] for name in good_ids if name in self._sources]
        messages = {
            source.id: tuple(map(Message, google.list_notes(source)))
            for source in sources
            if source.id not in self._read_ids
        }
        if self._writes_feedback:
            feedback_messages = self._update_feedback(sources, google)
            messages = {
                name: (*messages.get(name, ()), *feedback_messages.get(name, ()))
                for name in (*messages, *feedback_messages)
            }
        return [replace(result, messages=(*result.messages, *messages.get(result.id, ()))) for result in results]

    def _update_feedback(self, sources: Sequence[Source], google: GooglePass) -> Mapping[str, tuple[Message, ...]]:
        """Write feedback; whatever a sheet provokes there, the figures are published already."""
        try:
            return scheduler.update_feedback(
                sources,
                [source for source in self._sources.values() if source not in sources],
                self._snapshots,
                self._files,
                self._register,
                self._now,
                google,
                build_row_figures,
                is_manual=self._is_manual,
                lake=self._lake,
            )
        except KpisError:
            raise
        except Exception as error:  # noqa: BLE001 - the figures are published; the message names the fault
            _log.info("fault while writing feedback", exc_info=error)
            message = Message(FEEDBACK_FAULT, {"fault": type(error).__name__})
            return {source.id: (message,) for source in sources}


class _SourceSyncHandler:
    """Further steps for files, after those for Google Sheets: remember what was read, repeat its messages."""

    def __init__(
        self,
        google: _GoogleSyncHandler,
        reader: SourceReader,
        pointer: Path,
        sources: SourcesFile,
        accept_shrink: frozenset[str],
    ) -> None:
        self._google, self._reader, self._pointer = google, reader, pointer
        self._sources, self._accept_shrink = sources, accept_shrink

    def handle_reading(self, source: Source, reading: SourceReading) -> None:
        """Record the reading of a source that was read successfully."""
        self._google.handle_reading(source, reading)

    def handle_publication(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """Return the results with the notes of the last good read of each file that has not changed."""
        self._remember_files(results)
        noted = []
        for result in results:
            notes = map(Message.from_json, self._reader.list_file_messages(result.id))
            further = [note for note in notes if note not in result.messages]
            noted.append(replace(result, messages=(*result.messages, *further)))
        return self._google.handle_publication(noted)

    def _remember_files(self, results: Sequence[SourceResult]) -> None:
        # What was said of an accepted loss is said once: such a file is read once more.
        messages = {
            result.id: [message.to_json() for message in result.messages]
            for result in results
            if is_wholly_read(result) and result.id not in self._accept_shrink
        }
        has_new = bool(self._reader.new_file_ids)
        stored = read_stored_sources(self._pointer, self._sources.sources) if has_new else {}
        with suppress(OSError):  # a cache: the next sync reads the files again
            self._reader.record_files({name: source.contents for name, source in stored.items()}, messages)
