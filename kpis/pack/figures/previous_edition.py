"""What a later edition needs to know of an earlier one: its name, sealing time and follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FollowUp:
    """One thing that an edition asked for; `owed_text` is what was still owed.

    `period_start` and `period_end` are ISO days; a task, and a target in an edition sealed by an earlier
    release, have no end.
    """

    target: str
    plan: str
    period_start: str
    place: str
    title: str
    lead: str
    status: str
    owed_text: str
    period_end: str | None = None


@dataclass(frozen=True)
class PreviousEdition:
    """The edition compared with: its name ("2026-W46"), its sealing time (naive UTC), its follow-ups."""

    name: str
    sealed_at: datetime
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True)
class EarlierRevision:
    """An earlier revision of the same week: its name ("r1"), its as-of day, its sealing time (naive UTC)."""

    name: str
    as_of: date
    sealed_at: datetime
