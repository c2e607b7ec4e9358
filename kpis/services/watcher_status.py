"""What is known of the watcher of this server, for the pages: running, off, ended, or kept from starting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from kpis.errors import KpisError
from kpis.services.lake_state import read_lake_state
from kpis.sync.status import find_last_pass_end

WatcherPhase = Literal["off", "running", "ended", "refused"]

SPARE_TIME = timedelta(minutes=10)
"""How much longer than three intervals a reading may take before pages say that none has ended."""
LATE_WITHOUT_WATCHER = timedelta(hours=24)
"""The same where this server does not read by itself, and a timer or a person does."""


@dataclass(frozen=True)
class WatcherStatus:
    """The watcher of this server. `ended_at`: when it last ended by itself (naive UTC), None if never.

    `error`: the setting that keeps it from starting. `interval`: that of its readings, None if it is off.
    """

    phase: WatcherPhase = "off"
    interval: timedelta | None = None
    ended_at: datetime | None = None
    error: KpisError | None = None


class _Holder:
    """The one status of this process, set by the thread that runs the watcher."""

    status = WatcherStatus()


def get_watcher_status() -> WatcherStatus:
    """Return the status of this server's watcher."""
    return _Holder.status


def set_watcher_status(status: WatcherStatus) -> None:
    """Set the status of this server's watcher."""
    _Holder.status = status


@dataclass(frozen=True)
class WatcherProblem:
    """What keeps the figures from being read again: a kind, when it began, and the setting's own error."""

    kind: Literal["refused", "ended", "late"]
    since: datetime | None
    error: KpisError | None = None


def find_problem(status: WatcherStatus, pointer: Path, now: datetime) -> WatcherProblem | None:
    """Return what pages have to say about the watcher at `now` (naive UTC); None if it reads as it should."""
    if status.phase == "refused":
        return WatcherProblem("refused", None, status.error)
    last = find_last_turn(pointer)
    if status.ended_at is not None and (last is None or last < status.ended_at):
        return WatcherProblem("ended", status.ended_at)
    if last is not None and status.phase == "running" and is_late(status, last, now):
        return WatcherProblem("late", last)
    return None


def find_last_turn(pointer: Path) -> datetime | None:
    """Return when the last reading ended (naive UTC); while a lake is away, which is told, when it was last asked."""
    last, state = find_last_pass_end(pointer), read_lake_state(pointer)
    if state is None or state.failing_since is None:
        return last
    return state.asked_at if last is None else max(last, state.asked_at)


def is_late(status: WatcherStatus, last_pass_end: datetime, now: datetime) -> bool:
    """Return True if the last reading ended so long ago that figures cannot be called up to date."""
    allowed = LATE_WITHOUT_WATCHER if status.interval is None else 3 * status.interval + SPARE_TIME
    return now - last_pass_end > allowed
