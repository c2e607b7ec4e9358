"""Limits requests to Google to fewer than 60 reads and 60 writes in any 60 seconds.

Source: Sheets API usage limits, per minute per user per project (a service account is one user). Google
counts all requests with the key, so the request times of the last minute are also stored in a small file
next to the database: the sync, the dashboard's watcher and commands share one limit; each reads and writes the file
under a lock of its own. A lost or damaged file only costs a pause when Google answers 429. With a lake all machines
that use an account are counted together in PostgreSQL; while it does not answer, each process counts alone.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from kpis.errors import StoreError
from kpis.store.files import write_best_effort
from kpis.store.lock import wait_for_lock

if TYPE_CHECKING:
    from kpis.store.lake.address import LakeAddress

REQUESTS_PER_MINUTE = 55
"""Requests allowed in any 60 seconds; below Google's 60, whose minutes begin at other times than ours."""
_WINDOW_SECONDS = 60 - 1e-6  # tolerates a pause that ends slightly too early

_LOCK_SECONDS = 5.0
"""How long to wait for another process that reads and writes the file, which takes it milliseconds."""

Metric = Literal["read", "write"]


class RequestCounter(Protocol):
    """Counts the requests of several machines."""

    def register(self, per_minute: int) -> float:
        """Count one more request if it is allowed now; else return the seconds until then. StoreError if it cannot."""


class RateLimiter:
    """Allows at most `per_minute` requests in any 60 seconds of `clock`; further callers wait.

    With a `history_path` the limit is shared by all processes that use that file; `clock` must be time.time. With a
    `counter` it is shared by all machines that use that.
    """

    def __init__(
        self,
        per_minute: int = REQUESTS_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        history_path: Path | None = None,
        counter: RequestCounter | None = None,
    ) -> None:
        self._per_minute, self._clock, self._sleep = per_minute, clock, sleep
        self._history_path, self._counter = history_path, counter
        self._request_times: list[float] = []
        self._lock = threading.Lock()

    def acquire(self) -> float:
        """Wait until one more request is allowed; return the seconds waited."""
        with self._lock:  # held while waiting: first come, first served
            waited = 0.0
            while pause := self._register_request():
                self._sleep(pause)
                waited += pause
            return waited

    def _register_request(self) -> float:
        """Count one more request if it is allowed now; else return the seconds until then."""
        with _lock_history(self._history_path):
            pause = self._compute_pause()
            if self._counter is not None:
                with suppress(StoreError):
                    pause = self._counter.register(self._per_minute)
            if not pause:
                insort(self._request_times, self._clock())
                if self._history_path is not None:
                    _write_history(self._history_path, self._request_times)
            return pause

    def _compute_pause(self) -> float:
        """Return the seconds until a request is allowed; other processes may have made some meanwhile."""
        now = self._clock()
        times = Counter(self._request_times)
        if self._history_path is not None:
            times |= Counter(_read_history(self._history_path))
        # Future times were written before the clock was set back; they are ignored.
        self._request_times = sorted(moment for moment in times.elements() if moment <= now < moment + _WINDOW_SECONDS)
        if len(self._request_times) < self._per_minute:
            return 0.0
        return max(0.0, self._request_times[-self._per_minute] + 60 - now)


@cache
def get_process_limiter(metric: Metric) -> RateLimiter:
    """Return this process's limiter for reads or for writes, which Google counts separately."""
    del metric
    return RateLimiter()


@cache
def get_shared_limiter(metric: Metric, pointer: Path) -> RateLimiter:
    """Return the limiter shared by all processes of a database: kpis.json -> kpis-google-read.json."""
    return RateLimiter(clock=time.time, history_path=pointer.with_name(f"{pointer.stem}-google-{metric}.json"))


@cache
def get_lake_limiter(metric: Metric, lake: LakeAddress, account: str) -> RateLimiter:
    """Return the limiter shared by all machines of a lake that use the same service account."""
    from kpis.store.lake.google_requests import SharedRequests

    return RateLimiter(counter=SharedRequests(lake, account, metric))


@contextmanager
def _lock_history(path: Path | None) -> Iterator[None]:
    """Keep other processes from the file; without a writable folder, or past the time, go on without."""
    with ExitStack() as stack:
        if path is not None:
            with suppress(StoreError):
                stack.enter_context(wait_for_lock(path.with_suffix(".lock"), _LOCK_SECONDS))
        yield


def _read_history(path: Path) -> list[float]:
    """Return the stored times in seconds since 1970; none if the file is missing or damaged."""
    try:
        return [float(moment) for moment in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _write_history(path: Path, request_times: list[float]) -> None:
    """Store the times; ignored if the folder is not writable."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_best_effort(path, json.dumps(request_times))
