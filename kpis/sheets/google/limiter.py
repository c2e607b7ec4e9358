"""How often this process may ask Google: fewer than 60 reads, and 60 writes, in any 60 seconds.

Source: Sheets API usage limits, per minute per user per project (a service account is one user).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Literal

PER_MINUTE = 55
"""Requests let through in any 60 seconds. Below Google's 60: its minute and ours begin at different times."""

Metric = Literal["read", "write"]


class Limiter:
    """Lets at most `per_minute` callers pass in any 60 seconds of `clock`; the others wait their turn."""

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._passed: deque[float] = deque(maxlen=per_minute)
        self._lock = threading.Lock()

    def turn(self) -> float:
        """Waits until one more request may go out; says how many seconds that took."""
        with self._lock:  # held while waiting: whoever came first goes first
            waited = 0.0
            if len(self._passed) == self._passed.maxlen:
                waited = max(0.0, self._passed[0] + 60 - self._clock())
                if waited:
                    self._sleep(waited)
            self._passed.append(self._clock())
            return waited


@cache
def process_limiter(metric: Metric) -> Limiter:
    """The one limiter of this process for reads or for writes: Google counts them apart."""
    del metric
    return Limiter()
