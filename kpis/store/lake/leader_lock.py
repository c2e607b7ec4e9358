"""One leader of a lake: an advisory lock of PostgreSQL, held by a session (docs/decisions/lake-leader.md)."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.postgres_session import open_session
from kpis.store.lake.session_lock import SessionLock

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


class LeaderLock(SessionLock):
    """The lock while its session lives. Threads may share it."""

    def read_clock(self) -> datetime:
        """Return PostgreSQL's clock, naive UTC; StoreError if the session has ended."""
        row = self.session.fetch_row("read_clock")
        moment = None if row is None else row[0]
        if not isinstance(moment, datetime):
            raise TypeError(f"PostgreSQL's clock is {moment!r}")
        return moment


@contextmanager
def try_lead(address: LakeAddress, *, silence_seconds: float = SILENCE_SECONDS) -> Iterator[LeaderLock | None]:
    """Yield the lock if nobody holds it, else None: `describe_leader` says who does. StoreError without PostgreSQL."""
    with open_session(address, name=_build_name(), silence_seconds=silence_seconds) as session:
        if session.fetch_row("try_leader_lock", **_KEYS) == (True,):
            with LeaderLock(session, silence_seconds, _KEYS).hold() as lock:
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
