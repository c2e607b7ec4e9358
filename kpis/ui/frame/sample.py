"""The sample data, read once on the first visit if no sources are configured."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from kpis.language import clock
from kpis.services.refresh import refresh
from kpis.settings import Settings
from kpis.store import versions

_READ_LOCK = threading.Lock()
_MAX_WAIT_SECONDS = 120  # for another process that is reading the sample

FractionCallback = Callable[[float], None]


def read_sample_once(settings: Settings, environ: Mapping[str, str], report_fraction: FractionCallback) -> None:
    """Read the sample into its own database unless that is done; report the fraction done, 0 to 1.

    Other visitors of this process wait; another process waits for the one that holds the lock.
    """

    def report_progress(done: int, total: int, _source: str) -> None:
        report_fraction(done / total if total else 1.0)

    with _READ_LOCK:
        if versions.find_current_version(settings.pointer) is None:
            result = refresh(settings, environ, clock.get_utc_now(), progress=report_progress)
            if result.running:
                _wait_for_sample(settings)


def _wait_for_sample(settings: Settings) -> None:
    until = time.monotonic() + _MAX_WAIT_SECONDS
    while versions.find_current_version(settings.pointer) is None and time.monotonic() < until:
        time.sleep(0.3)
