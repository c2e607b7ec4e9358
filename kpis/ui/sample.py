"""The made-up year, read once on the first visit when nothing of one's own is configured."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from kpis.language import clock
from kpis.measures import publish
from kpis.register.load import load
from kpis.settings import Settings
from kpis.sheets.sources import SourcesFile, load_sources
from kpis.store import versions
from kpis.sync import sync

_ONE = threading.Lock()
_READ_AT = timedelta(hours=9)  # the sample's sheets were read at nine in the morning
_LONGEST_WAIT = 120  # seconds for another process that is reading it

Progress = Callable[[float], None]


def read_once(settings: Settings, progress: Progress) -> None:
    """Reads the sample into its own database unless that is done; `progress` is told the part done, 0 to 1.

    Visitors of one process wait for the first; a second process waits for the one that holds the lock.
    """
    with _ONE:
        if versions.current(settings.pointer) is None and _read(settings, progress):
            _wait(settings)


def _read(settings: Settings, progress: Progress) -> bool:
    register = load(overlay=settings.overlay)
    readings = list(_readings(load_sources(settings.sources, register.plans)))
    for done, (sources, now) in enumerate(readings):

        def told(read: int, whole: int, _source: str, done: int = done) -> None:
            progress((done + read / whole) / len(readings))

        result = sync.run(sources, settings.pointer, register, now, publish.compute, progress=told)
        if result.running:
            return True
    return False


def _readings(last: SourcesFile) -> Iterator[tuple[SourcesFile, datetime]]:
    for path in last.earlier:
        yield from _readings(load_sources(path))
    if last.today is not None:
        yield replace(last, earlier=()), read_moment(last)


def read_moment(sources: SourcesFile) -> datetime:
    """When these sources are read (naive UTC): now, or nine in the morning of the day a sample stands at."""
    if sources.today is None:
        return clock.utc_now()
    return clock.utc(datetime.combine(sources.today, datetime.min.time()) + _READ_AT)


def _wait(settings: Settings) -> None:
    until = time.monotonic() + _LONGEST_WAIT
    while versions.current(settings.pointer) is None and time.monotonic() < until:
        time.sleep(0.3)
