"""How each source stands: last good read, last change, last outcome, its history (design.md §4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from kpis.language import clock
from kpis.store.database import Database
from kpis.sync.attempts import Attempt, read_attempts
from kpis.sync.state import SourceState, read_states

STALE_AFTER = timedelta(days=14)
ABANDONED_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class SourceStatus:
    """One source, configured now or once. Times are UTC.

    `last_good_at` is "đọc lần cuối", `changed_at` the last change of content, both None where it was never
    read well. The counts are those of the figures shown, not of the last attempt. `history` is newest first
    and reaches back as far as the journal.
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

    @property
    def last_attempt(self) -> Attempt | None:
        """The last attempt: its outcome and reason."""
        return self.history[0] if self.history else None

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt could not read it, or read it and did not take it."""
        return self.last_attempt is not None and self.last_attempt.result.outcome in ("failed", "held")


def is_outdated(status: SourceStatus, now: datetime) -> bool:
    """Whether what a source says now is not what is counted: it failed, was held, or nobody reads it."""
    return status.has_failed or is_abandoned(status, now)


def is_abandoned(status: SourceStatus, now: datetime) -> bool:
    """Whether a source's figures stand although nobody reads it; one that fails is told by its failure.

    It left the sources file, or was last read well more than three days before `now` (naive UTC).
    """
    if not status.configured:
        return True
    return (
        status.last_good_at is not None
        and not status.has_failed
        and now - status.last_good_at > ABANDONED_AFTER
    )


def list_source_statuses(database: Database | None, pointer: Path, now: datetime) -> list[SourceStatus]:
    """Every source, in the order of the sources file, those no longer in it last.

    `stale` means no change of content for more than 14 days, or none ever.
    """
    passes = read_attempts(pointer)
    states = read_states(database)
    last = {attempt.result.id: attempt for attempt in passes[-1]} if passes else {}
    history: dict[str, list[Attempt]] = {}
    for attempts in reversed(passes):
        for attempt in attempts:
            history.setdefault(attempt.result.id, []).append(attempt)
    configured = list(last) if passes else [name for name, state in states.items() if state.position >= 0]
    # One that gave way to another source has nothing left to say.
    once = [name for name, state in states.items() if name not in configured and state.read]
    names = [*configured, *once]
    return [
        _build_status(name, states.get(name), tuple(history.get(name, ())), name in configured, now)
        for name in names
    ]


@dataclass(frozen=True)
class LastRead:
    """The day on which a plan was last read well, or one of its sources where not `whole`."""

    day: date
    is_complete: bool


def find_last_reads(db: Database, pointer: Path, today: date) -> dict[str, LastRead]:
    """The plans of which a source that counts is not read any more, or not in full.

    A source that left the sources file counts only where the plan has no other that was read well: it was
    replaced.
    """
    now = clock.get_end_of_day(today)
    by_plan: dict[str, list[SourceStatus]] = defaultdict(list)
    for status in list_source_statuses(db, pointer, now):
        if status.last_good_at is not None:
            by_plan[status.plan].append(status)
    found = {}
    for plan, read in by_plan.items():
        current = [one for one in read if one.configured] or read
        days = [
            clock.to_local_day(one.last_good_at)
            for one in current
            if one.last_good_at and is_outdated(one, now)
        ]
        if days and min(days) < today:
            whole = len(days) == len(current)
            found[plan] = LastRead(max(days) if whole else min(days), whole)
    return found


def _build_status(
    source_id: str, state: SourceState | None, history: tuple[Attempt, ...], configured: bool, now: datetime
) -> SourceStatus:
    named = history[0] if history else state
    if named is None:
        raise AssertionError(source_id)
    changed_at = _find_latest(state.changed_at if state else None, history[0].changed_at if history else None)
    return SourceStatus(
        id=source_id,
        plan=named.plan,
        kind=named.kind,
        location=named.location,
        configured=configured,
        last_good_at=_find_latest(
            state.last_good_at if state else None, history[0].last_good_at if history else None
        ),
        changed_at=changed_at,
        stale=changed_at is None or clock.to_local_day(now) - clock.to_local_day(changed_at) > STALE_AFTER,
        read=state.read if state else 0,
        accepted=state.accepted if state else 0,
        warned=state.warned if state else 0,
        rejected=state.rejected if state else 0,
        history=history,
    )


def _find_latest(*moments: datetime | None) -> datetime | None:
    # A run that was killed after publishing wrote no line, and one that published nothing made no version.
    return max((moment for moment in moments if moment is not None), default=None)
