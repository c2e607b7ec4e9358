"""Activity of sessions, written together: a hundred people who click at once wait for one write, not for a hundred."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from kpis.errors import StoreError


class ActivityWriter:
    """Collects what is to be written; whoever finds nobody writing writes everything, the others go on at once."""

    def __init__(self, write: Callable[[Mapping[str, int]], None]) -> None:
        self._write = write
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._pending: dict[str, int] = {}

    def add(self, token_hash: str, now: int) -> None:
        """Record that a session was active at a moment. A file that is busy loses it: the next activity counts."""
        with self._lock:
            self._pending[token_hash] = now
        while self._pending and self._writing.acquire(blocking=False):
            try:
                with self._lock:
                    pending, self._pending = self._pending, {}
                with suppress(StoreError):
                    self._write(pending)
            finally:
                self._writing.release()
