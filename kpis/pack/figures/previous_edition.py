"""What an earlier edition asked for, as it is kept with it and held against the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FollowUp:
    """One thing that an edition asked for: what was owed, as it was said. `period_start` is an ISO day."""

    target: str
    plan: str
    period_start: str
    place: str
    title: str
    lead: str
    status: str
    said: str


@dataclass(frozen=True)
class PreviousEdition:
    """The edition compared with: its name ("2026-W46"), the moment of its sealing, what it asked for."""

    name: str
    sealed_at: datetime
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True)
class EarlierRevision:
    """A revision of the same week that another stands beside: "r1", its day, its sealing (naive UTC)."""

    name: str
    as_of: date
    sealed_at: datetime
