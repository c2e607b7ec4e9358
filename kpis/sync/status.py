"""The status of each source: last good read, last change, last outcome, history (design.md §4)."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from kpis.language import clock
from kpis.store import journal
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.sync.attempts import Attempt, read_attempts
from kpis.sync.note_messages import UNREAD_TAB_NOTES
from kpis.sync.result import Message
from kpis.sync.state import SourceState, read_states
from kpis.sync.tracked_plans import read_tracked_plans

STALE_AFTER = timedelta(days=14)
"""A source whose content has not changed for longer is stale."""

ABANDONED_AFTER = timedelta(days=3)
"""A source that was last read longer ago is abandoned."""


@dataclass(frozen=True)
class SourceStatus:
    """One source, configured now or earlier. Times are naive UTC.

    `last_good_at` is "đọc lần cuối", `changed_at` the last change of content; both are None if it was never
    read successfully. The counts are those of the figures shown, not of the last attempt. `history` is
    newest first and goes back as far as the journal.
    """

    id: str
    plan: str
    kind: str
    location: str
    configured: bool
    last_good_at: datetime | None
    changed_at: datetime | None
    stale: bool
    read: int
    accepted: int
    warned: int
    rejected: int
    history: tuple[Attempt, ...]
    set_aside: int = 0

    @property
    def last_attempt(self) -> Attempt | None:
        """The last attempt, with its outcome and reason; None if there is none in the journal."""
        return self.history[0] if self.history else None

    @property
    def has_failed(self) -> bool:
        """True if the last attempt could not read it, or read it and held it back."""
        return self.last_attempt is not None and self.last_attempt.result.outcome in ("failed", "held")


def is_outdated(status: SourceStatus, now: datetime) -> bool:
    """True if the figures may differ from the source: it failed, was held or is abandoned."""
    return status.has_failed or is_abandoned(status, now)


def is_abandoned(status: SourceStatus, now: datetime) -> bool:
    """True if this source's figures still count but nobody reads it any more.

    It was removed from the sources file, or last read longer than ABANDONED_AFTER before `now` (naive UTC).
    Failing sources are reported separately.
    """
    if not status.configured:
        return True
    return status.last_good_at is not None and not status.has_failed and now - status.last_good_at > ABANDONED_AFTER


def find_last_pass_end(pointer: Path) -> datetime | None:
    """Return when the last sync ended (naive UTC), whatever became of its sources; None if none is recorded.

    A record says when its sync began; where the clock was ahead, the file's own time is earlier.
    """
    path = DatabasePaths(pointer).journal
    try:
        written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    except OSError:
        return None
    return _find_last_pass_end(path, path.stat().st_mtime_ns, written_at)


@lru_cache(maxsize=4)
def _find_last_pass_end(path: Path, _stamp: int, written_at: datetime) -> datetime | None:
    for record in reversed(journal.read(path)):
        with suppress(KeyError, TypeError, ValueError):  # a record of another release
            return min(datetime.fromisoformat(str(record["at"])), written_at)
    return None


def list_source_statuses(database: Database | None, pointer: Path, now: datetime) -> list[SourceStatus]:
    """Return every source in the order of the sources file; those no longer in it come last.

    `stale` means that its content never changed, or not for longer than STALE_AFTER.
    """
    passes = read_attempts(pointer)
    states = read_states(database)
    last = {attempt.result.id: attempt for attempt in passes[-1]} if passes else {}
    history: dict[str, list[Attempt]] = {}
    for attempts in reversed(passes):
        for attempt in attempts:
            history.setdefault(attempt.result.id, []).append(attempt)
    configured = list(last) if passes else [name for name, state in states.items() if state.position >= 0]
    # A removed source is left out if another one took its rows over, or if its plan is no longer tracked.
    tracked = read_tracked_plans(database).current
    removed = [
        name for name, state in states.items() if name not in configured and state.read and state.plan in tracked
    ]
    names = [*configured, *removed]
    statuses = [
        _build_status(name, states.get(name), tuple(history.get(name, ())), name in configured, now) for name in names
    ]
    scope = None if database is None else database.scope
    return [status for status in statuses if scope is None or status.plan in scope.plans]


@dataclass(frozen=True)
class LastRead:
    """The day of a plan's last good read; if not `is_complete`, that of its source read longest ago."""

    day: date
    is_complete: bool


def find_last_reads(db: Database, pointer: Path, today: date) -> dict[str, LastRead]:
    """Return the plans with an outdated source, by id, with the day of their last good read.

    A source removed from the sources file matters only if the plan has no other source that was read
    successfully; otherwise it was replaced.
    """
    now = clock.get_end_of_day(today)
    by_plan: dict[str, list[SourceStatus]] = defaultdict(list)
    for status in list_source_statuses(db, pointer, now):
        if status.last_good_at is not None:
            by_plan[status.plan].append(status)
    last_reads = {}
    for plan, statuses in by_plan.items():
        current = [status for status in statuses if status.configured] or statuses
        days = [
            clock.to_local_day(status.last_good_at)
            for status in current
            if status.last_good_at and is_outdated(status, now)
        ]
        if days and min(days) < today:
            is_complete = len(days) == len(current)
            last_reads[plan] = LastRead(max(days) if is_complete else min(days), is_complete)
    return last_reads


def find_unread_tabs(pointer: Path) -> dict[str, tuple[Message, ...]]:
    """Return by plan the messages about tabs that look like ours and were not read at the last good read."""
    by_plan: dict[str, tuple[Message, ...]] = {}
    passes = read_attempts(pointer)
    for last in passes[-1] if passes else ():
        attempts = (attempt for results in reversed(passes) for attempt in results)
        good = next(
            (
                attempt
                for attempt in attempts
                if attempt.result.id == last.result.id and attempt.result.outcome in ("changed", "unchanged")
            ),
            None,
        )
        messages = good.result.messages if good else ()
        unread = tuple(message for message in messages if message.key in UNREAD_TAB_NOTES)
        if unread:
            by_plan[last.plan] = (*by_plan.get(last.plan, ()), *unread)
    return by_plan


def _build_status(
    source_id: str, state: SourceState | None, history: tuple[Attempt, ...], configured: bool, now: datetime
) -> SourceStatus:
    latest = history[0] if history else state
    if latest is None:
        raise AssertionError(source_id)
    changed_at = _find_latest(state.changed_at if state else None, history[0].changed_at if history else None)
    return SourceStatus(
        id=source_id,
        plan=latest.plan,
        kind=latest.kind,
        location=latest.location,
        configured=configured,
        last_good_at=_find_latest(state.last_good_at if state else None, history[0].last_good_at if history else None),
        changed_at=changed_at,
        stale=changed_at is None or clock.to_local_day(now) - clock.to_local_day(changed_at) > STALE_AFTER,
        read=state.read if state else 0,
        accepted=state.accepted if state else 0,
        warned=state.warned if state else 0,
        rejected=state.rejected if state else 0,
        set_aside=(state.set_aside or 0) if state else 0,
        history=history,
    )


def _find_latest(*moments: datetime | None) -> datetime | None:
    # A run killed after publishing wrote no journal record; a run that changed nothing made no version.
    return max((moment for moment in moments if moment is not None), default=None)
