"""The made-up year, read once on the first visit when nothing of one's own is configured."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from kpis.language import clock
from kpis.services.refresh import refresh
from kpis.settings import Settings
from kpis.store import versions

_ONE = threading.Lock()
_LONGEST_WAIT = 120  # seconds for another process that is reading it

Progress = Callable[[float], None]


def read_once(used: Settings, environ: Mapping[str, str], progress: Progress) -> None:
    """Reads the sample into its own database unless that is done; `progress` is told the part done, 0 to 1.

    Visitors of one process wait for the first; a second process waits for the one that holds the lock.
    """

    def told(done: int, whole: int, _source: str) -> None:
        progress(done / whole if whole else 1.0)

    with _ONE:
        if versions.current(used.pointer) is None:
            result = refresh(used, environ, clock.utc_now(), progress=told)
            if result.running:
                _wait(used)


def _wait(used: Settings) -> None:
    until = time.monotonic() + _LONGEST_WAIT
    while versions.current(used.pointer) is None and time.monotonic() < until:
        time.sleep(0.3)
