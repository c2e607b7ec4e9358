"""Reading everything that is configured, once: what `sync`, the pages' button and the first visit share.

Imports what is below it, down to `measures`, which fills what a version holds computed. The made-up sample
stands still in time: its sheets were read at nine on its own days, the earlier ones before it (design.md §6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from kpis import answers
from kpis.errors import KpisError
from kpis.language import clock
from kpis.measures import publish
from kpis.register.load import load
from kpis.register.model import Register
from kpis.settings import Settings
from kpis.sheets.reader import Reader
from kpis.sheets.sources import SourcesFile, load_sources
from kpis.store import versions
from kpis.store.database import Database
from kpis.sync import sync
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
    polled = any(source.kind == "google" for source in sources.sources)
    known = _locations(pointer) if polled else {}
    answering = polled and answers.wanted(environ)
    budget = _budget(every, answering) if polled else None
    # What a lost version held is in no database any more, whatever is remembered of the sheets.
    lost = polled and versions.fell_back(pointer)
    with Reader(
        sources.sources,
        pointer,
        now,
        environ,
        known,
        everything=lost,
        budget=None if lost else budget,
        write=answering,
    ) as reader:
        result = sync.run(sources, pointer, register, now, publish.compute, accept_shrink, progress, reader)
        reader.keep([source.id for source in result.sources if source.outcome in ("changed", "unchanged")])
        if answering and reader.google is not None and not result.running:
            told = answers.answer_sheets(
                sources.sources, result.sources, pointer, register, now, reader.google
            )
            result = replace(result, sources=tuple(_told(source, told) for source in result.sources))
    return result


def _budget(every: timedelta | None, answering: bool) -> int | None:
    # gspread is slow to import, and many have no Google Sheet at all.
    from kpis.sheets.google.poll import budget_of

    # A sheet that is answered in is read before the write and after it, too.
    return None if every is None else budget_of(every, 3 if answering else 1)


def _told(source: SourceResult, told: Mapping[str, tuple[Message, ...]]) -> SourceResult:
    """A source's result with what is to be said about answering in it."""
    return replace(source, messages=(*source.messages, *told.get(source.id, ())))


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
