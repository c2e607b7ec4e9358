"""An advisory lock of PostgreSQL that ends with its session, and soon after its machine falls silent."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Self

from kpis.errors import StoreError
from kpis.store.lake.postgres_session import PostgresSession


class SessionLock:
    """A lock that a session has taken, while the session lives. Threads may share it."""

    def __init__(self, session: PostgresSession, silence_seconds: float, keys: Mapping[str, int]) -> None:
        self.session = session
        """It ends with the lock."""
        self._keys = keys
        self._pause = silence_seconds / 5
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._touch, name="session lock", daemon=True)

    def is_held(self) -> bool:
        """Ask the session whether it still holds the lock; False after any error, then and later."""
        try:
            row = self.session.fetch_row("holds_lock", process_id=self.session.process_id, **self._keys)
        except StoreError:
            return False
        return row == (True,)

    @contextmanager
    def hold(self) -> Iterator[Self]:
        """Keep the session alive until the end of the block, and give the lock back."""
        self._thread.start()
        try:
            yield self
        finally:
            self._is_over.set()
            self._thread.join()
            with suppress(StoreError):  # the session has ended, and with it the lock
                self.session.fetch_row("release_lock", **self._keys)

    def _touch(self) -> None:
        """Ask every few seconds: PostgreSQL frees the lock of a silent session, and this side notices a dead peer."""
        while not self._is_over.wait(self._pause) and self.is_held():
            pass
