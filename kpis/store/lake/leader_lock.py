"""One leader of a lake: an advisory lock of PostgreSQL, held by a session (docs/decisions/lake-leader.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.postgres_session import open_session
from kpis.store.lake.session_lock import SessionLock, build_session_name
from kpis.store.version_store import Writer

SILENCE_SECONDS = 20.0
"""The lock is free so long after the last word of its holder's machine, at the latest."""

Duty = Literal["leader", "watcher"]
"""What one process of all does: the leader publishes, the watcher reads the sources regularly."""

_SPACE = 0x6B706973
"""The locks among all advisory locks of the database: "kpis"."""
_NUMBERS: dict[Duty, int] = {"leader": 1, "watcher": 2}
"""The others are in edition_claims.py, shared_tables.py and shared_log.py."""

_NAME = re.compile(r"kpis (leader|watcher) (?P<host>\S+) (?P<process_id>[0-9]+)")


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
def try_lead(
    address: LakeAddress, *, silence_seconds: float = SILENCE_SECONDS, duty: Duty = "leader"
) -> Iterator[LeaderLock | None]:
    """Yield the lock if nobody holds it, else None: `describe_leader` says who does. StoreError without PostgreSQL."""
    keys = _build_keys(duty)
    with open_session(address, name=build_session_name(duty), silence_seconds=silence_seconds) as session:
        if session.fetch_row("try_leader_lock", **keys) == (True,):
            with LeaderLock(session, silence_seconds, keys).hold() as lock:
                yield lock
            return
    yield None


def describe_leader(address: LakeAddress, duty: Duty = "leader") -> Writer | None:
    """Return who holds the lock; None if nobody does (any more)."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        row = session.fetch_row("find_leader", **_build_keys(duty))
    if row is None:
        return None
    name, client, since = row
    match = _NAME.fullmatch(str(name))
    return Writer(
        host=match["host"] if match else str(name or client or "?"),
        process_id=int(match["process_id"]) if match else None,
        since=since if isinstance(since, datetime) else None,
    )


def _build_keys(duty: Duty) -> dict[str, int]:
    return {"space": _SPACE, "number": _NUMBERS[duty]}
