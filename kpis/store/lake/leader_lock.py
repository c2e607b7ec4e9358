"""One leader of a lake: an advisory lock of PostgreSQL, held by a session (docs/decisions/lake-leader.md)."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.postgres_session import PostgresSession, open_session

SILENCE_SECONDS = 20.0
"""The lock is free so long after the last word of its holder's machine, at the latest."""

_KEYS = {"space": 0x6B706973, "number": 1}
"""The lock among all advisory locks of the database: "kpis", the leader's."""

_NAME = re.compile(r"kpis leader (?P<host>\S+) (?P<process_id>[0-9]+)")
_HOST_LENGTH = 40
"""PostgreSQL cuts the name of a session at 63 bytes."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who holds the lock, as its session says."""

    host: str
    process_id: int | None
    """None where the session was not opened by this product."""
    since: datetime | None
    """UTC, naive; None where this role may not see it."""


class LeaderLock:
    """The lock while its session lives. Threads may share it."""

    def __init__(self, session: PostgresSession, silence_seconds: float) -> None:
        self.session = session
        """It ends with the lock."""
        self._pause = silence_seconds / 5
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._touch, name="leader lock", daemon=True)

    def is_held(self) -> bool:
        """Ask the session whether it still holds the lock; False after any error, then and later."""
        try:
            row = self.session.fetch_row("holds_leader_lock", process_id=self.session.process_id, **_KEYS)
        except StoreError:
            return False
        return row == (True,)

    def read_clock(self) -> datetime:
        """Return PostgreSQL's clock, naive UTC; StoreError if the session has ended."""
        row = self.session.fetch_row("read_clock")
        moment = None if row is None else row[0]
        if not isinstance(moment, datetime):
            raise TypeError(f"PostgreSQL's clock is {moment!r}")
        return moment

    @contextmanager
    def _hold(self) -> Iterator[LeaderLock]:
        self._thread.start()
        try:
            yield self
        finally:
            self._is_over.set()
            self._thread.join()
            with suppress(StoreError):  # the session has ended, and with it the lock
                self.session.fetch_row("release_leader_lock", **_KEYS)

    def _touch(self) -> None:
        """Ask every few seconds: PostgreSQL frees the lock of a silent session, and this side notices a dead peer."""
        while not self._is_over.wait(self._pause) and self.is_held():
            pass


@contextmanager
def try_lead(address: LakeAddress, *, silence_seconds: float = SILENCE_SECONDS) -> Iterator[LeaderLock | None]:
    """Yield the lock if nobody holds it, else None: `describe_leader` says who does. StoreError without PostgreSQL."""
    with open_session(address, name=_build_name(), silence_seconds=silence_seconds) as session:
        if session.fetch_row("try_leader_lock", **_KEYS) == (True,):
            with LeaderLock(session, silence_seconds)._hold() as lock:
                yield lock
            return
    yield None


def describe_leader(address: LakeAddress) -> Leader | None:
    """Return who holds the lock; None if nobody does (any more)."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        row = session.fetch_row("find_leader", **_KEYS)
    if row is None:
        return None
    name, client, since = row
    match = _NAME.fullmatch(str(name))
    return Leader(
        host=match["host"] if match else str(name or client or "?"),
        process_id=int(match["process_id"]) if match else None,
        since=since if isinstance(since, datetime) else None,
    )


def _build_name() -> str:
    host = re.sub(r"[^!-~]", "-", socket.gethostname())[:_HOST_LENGTH] or "?"
    return f"kpis leader {host} {os.getpid()}"
