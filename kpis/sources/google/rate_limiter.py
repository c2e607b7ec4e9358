"""How often we may ask Google: fewer than 60 reads, and 60 writes, in any 60 seconds.

Source: Sheets API usage limits, per minute per user per project (a service account is one user). Google
counts whoever asks with the key, so the last minute's turns are also kept in a small file beside the
database: a sync, the process beside the dashboard and a command that follow each other share one limit.
Losing the file, or a damaged one, costs a pause when Google says 429.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import insort
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Literal

from kpis.store.files import write_best_effort

REQUESTS_PER_MINUTE = 55
"""Requests let through in any 60 seconds. Below Google's 60: its minute and ours begin at different times."""
_WINDOW_SECONDS = 60 - 1e-6  # a pause that ends by a hair too early is no reason for another one

Metric = Literal["read", "write"]


class RateLimiter:
    """Lets at most `per_minute` callers pass in any 60 seconds of `clock`; the others wait their turn.

    With a `memory` the limit holds for all processes that have the same one; their clock is the wall's.
    """

    def __init__(
        self,
        per_minute: int = REQUESTS_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        history_path: Path | None = None,
    ) -> None:
        self._per_minute, self._clock, self._sleep, self._history_path = (
            per_minute,
            clock,
            sleep,
            history_path,
        )
        self._request_times: list[float] = []
        self._lock = threading.Lock()

    def acquire(self) -> float:
        """Waits until one more request may go out; says how many seconds that took."""
        with self._lock:  # held while waiting: whoever came first goes first
            waited = 0.0
            while pause := self._compute_pause():
                self._sleep(pause)
                waited += pause
            insort(self._request_times, self._clock())
            if self._history_path is not None:
                _write_history(self._history_path, self._request_times)
            return waited

    def _compute_pause(self) -> float:
        """Seconds until there is a turn. Whoever shares the memory may have taken some meanwhile."""
        now = self._clock()
        taken = Counter(self._request_times)
        if self._history_path is not None:
            taken |= Counter(_read_history(self._history_path))
        # A moment that is still to come was written by a clock that has been put right since.
        self._request_times = sorted(
            moment for moment in taken.elements() if moment <= now < moment + _WINDOW_SECONDS
        )
        if len(self._request_times) < self._per_minute:
            return 0.0
        return max(0.0, self._request_times[-self._per_minute] + 60 - now)


@cache
def get_process_limiter(metric: Metric) -> RateLimiter:
    """The one limiter of this process for reads or for writes: Google counts them apart."""
    del metric
    return RateLimiter()


@cache
def get_shared_limiter(metric: Metric, pointer: Path) -> RateLimiter:
    """The same for all processes of one database: kpis.json -> kpis-google-read.json, …-write.json."""
    return RateLimiter(
        clock=time.time, history_path=pointer.with_name(f"{pointer.stem}-google-{metric}.json")
    )


def _read_history(path: Path) -> list[float]:
    """The moments in a memory, in seconds since 1970; none where it is missing or cannot be understood."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [float(moment) for moment in kept]
    except (OSError, ValueError, TypeError):
        return []


def _write_history(path: Path, request_times: list[float]) -> None:
    """Writes it down; where nothing can be written it is left."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_best_effort(path, json.dumps(request_times))
