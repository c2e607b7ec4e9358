"""An advisory lock of PostgreSQL that ends with its session, and soon after its machine falls silent."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Self

from kpis.errors import StoreError
from kpis.store.lake.postgres_session import PostgresSession

_PAUSE_SECONDS = 0.5
_HOST_LENGTH = 40
"""PostgreSQL cuts the name of a session at 63 bytes."""


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


def wait_for_lock(session: PostgresSession, statement: str, seconds: float, **keys: int) -> bool:
    """Try the lock of a statement every half second; False if others have it for all that time."""
    deadline = time.monotonic() + seconds
    while session.fetch_row(statement, **keys) != (True,):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def build_session_name(duty: str) -> str:
    """Return the name of this process's session: the duty, the machine and the process."""
    host = re.sub(r"[^!-~]", "-", socket.gethostname())[:_HOST_LENGTH] or "?"
    return f"kpis {duty} {host} {os.getpid()}"
