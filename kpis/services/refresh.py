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
from kpis.feedback.google import scheduling as answers
from kpis.feedback.google.scheduling import Sight
from kpis.language import clock
from kpis.measures import publish
from kpis.measures.row_totals import row_totals
from kpis.register.load import load
from kpis.register.model import Register
from kpis.settings import Settings
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile, load_sources
from kpis.sources.reader import Reader
from kpis.store import versions
from kpis.store.database import Database
from kpis.store.lock import held
from kpis.store.paths import Place
from kpis.sync import sync
from kpis.sync.reading import Reading
from kpis.sync.result import Message, SourceResult, SyncResult
from kpis.sync.state import read_states

_SAMPLE_READ_AT = time(9)


def refresh(
    used: Settings,
    environ: Mapping[str, str],
    now: datetime,
    *,
    asked_now: bool = False,
    accept_shrink: Collection[str] = (),
    progress: sync.Progress | None = None,
    every: timedelta | None = None,
) -> SyncResult:
    """One sync of the configured sources into `used.pointer`; a sample begins with its earlier readings.

    `now` (naive UTC) is the clock; a sample with a day of its own has that one, unless `asked_now`. `every`
    is the time until the next sync, which this one leaves alone: of many Google Sheets some then wait their
    turn. Raises UsageError, RegisterError and StoreError; a source that fails is in the result.
    """
    register = load(overlay=used.overlay)
    sources = load_sources(used.sources, register.plans)
    fresh = not asked_now and versions.current(used.pointer) is None
    earlier = list(_earlier(sources)) if fresh else []
    whole = sum(len(reading.sources) for reading in (*earlier, sources))
    done = 0
    for reading in earlier:
        told = _shifted(progress, done, whole)
        result = _run(reading, used.pointer, register, moment(reading, now), environ, (), told, None)
        if result.running:
            return result
        done += len(reading.sources)
    at = now if asked_now else moment(sources, now)
    told = _shifted(progress, done, whole)
    return _run(sources, used.pointer, register, at, environ, accept_shrink, told, every)


def moment(sources: SourcesFile, now: datetime) -> datetime:
    """The clock of a sync: a sample's own day at nine in the morning in Việt Nam, else `now` (naive UTC)."""
    if sources.today is None:
        return now
    return clock.utc(datetime.combine(sources.today, _SAMPLE_READ_AT))


def _earlier(sources: SourcesFile) -> Iterator[SourcesFile]:
    for path in sources.earlier:
        before = load_sources(path)
        yield from _earlier(before)
        yield replace(before, earlier=())


def _shifted(progress: sync.Progress | None, before: int, whole: int) -> sync.Progress | None:
    """Progress over all readings, told as that of one; only the last reading's end is the end."""
    if progress is None:
        return None

    def told(done: int, _of: int, source: str) -> None:
        if source or before + done == whole:
            progress(before + done, whole, source)

    return told


def _run(
    sources: SourcesFile,
    pointer: Path,
    register: Register,
    now: datetime,
    environ: Mapping[str, str],
    accept_shrink: Collection[str],
    progress: sync.Progress | None,
    every: timedelta | None,
) -> SyncResult:
    """One reading. What is read, what is remembered of it and what is answered belong under one lock."""
    with held(Place(pointer).lock) as ours:
        if not ours:
            return sync.already_running(pointer)
        polled = any(source.kind == "google" for source in sources.sources)
        known = _locations(pointer) if polled else {}
        answering = polled and answers.wanted(environ)
        # What a lost version held is in no database any more, whatever is remembered of the sheets.
        lost = polled and versions.fell_back(pointer)
        budget = _budget(every) if polled and not lost else None
        with Reader(
            sources.sources, pointer, now, environ, known, everything=lost, budget=budget, write=answering
        ) as reader:
            follower = _Following(sources, pointer, register, now, reader, answering, by_hand=every is None)
            compute = publish.compute
            return sync.run_locked(
                sources, pointer, register, now, compute, accept_shrink, progress, reader, follower
            )


class _Following:
    """What follows on the reading of Google Sheets: remembering it, answering in them, what to tell."""

    def __init__(
        self,
        sources: SourcesFile,
        pointer: Path,
        register: Register,
        now: datetime,
        reader: Reader,
        answering: bool,
        *,
        by_hand: bool,
    ) -> None:
        self._sources = {source.id: source for source in sources.sources if source.kind == "google"}
        self._pointer, self._register, self._now, self._reader = pointer, register, now, reader
        self._answering, self._by_hand = answering, by_hand
        self._sight = Sight()
        self._read: set[str] = set()

    def taken(self, source: Source, reading: Reading) -> None:
        """One source was read well."""
        if source.kind == "google":
            self._read.add(source.id)
            if self._answering:
                self._sight.taken(source, reading)

    def published(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """The results with all that stands: what the last good read had to say, what keeps answers out."""
        google = self._reader.google
        good = [one.id for one in results if one.outcome in ("changed", "unchanged")]
        self._reader.keep(good)
        if google is None:
            return results
        sources = [self._sources[name] for name in good if name in self._sources]
        told = {
            source.id: tuple(map(Message, google.notes(source)))
            for source in sources
            if source.id not in self._read
        }
        if self._answering:
            said = answers.answer_sheets(
                sources,
                self._sight,
                self._pointer,
                self._register,
                self._now,
                google,
                row_totals,
                by_hand=self._by_hand,
            )
            told = {source.id: (*told.get(source.id, ()), *said.get(source.id, ())) for source in sources}
        return [replace(one, messages=(*one.messages, *told.get(one.id, ()))) for one in results]


def _budget(every: timedelta | None) -> int | None:
    # gspread is slow to import, and many have no Google Sheet at all.
    from kpis.sources.google.poll import budget_of

    return None if every is None else budget_of(every)


def _locations(pointer: Path) -> dict[str, str]:
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
