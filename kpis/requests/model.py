"""A request for an explanation: the events of the ledger, and where it stands as of a day, as known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

EventKind = Literal["asked", "extended", "withdrawn", "returned", "accepted", "written", "not_written", "write_again"]
EVENT_KINDS: frozenset[str] = frozenset(get_args(EventKind))
TIME_TO_ANSWER = timedelta(days=7)
"""The time for an answer where no due day is given."""


@dataclass(frozen=True)
class RequestEvent:
    """One line of the ledger. `at` is its moment (naive UTC), `on` its day in Việt Nam, `by` who did it.

    `details` are texts: of "asked" plan, entry, agency and question, of others a reason, a source or a due day.
    """

    request: str
    kind: EventKind
    at: datetime
    on: date
    by: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """Where a request stands. `returned_at`: its answers up to that moment were sent back, with `return_reason`.

    `is_written`: its question was written into the sheet of `source`, at `written_at`; `unsent_reason` (JSON of a
    message) says why the last attempt could not.
    """

    due_on: date
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None
    accepted_on: date | None = None
    returned_at: datetime | None = None
    returned_on: date | None = None
    return_reason: str | None = None
    is_written: bool = False
    source: str | None = None
    written_at: datetime | None = None
    unsent_reason: str | None = None


@dataclass(frozen=True)
class LedgerRequest:
    """One request. `entry` is the id of a target or task; None where the question is about the agency.

    `events` are all of its lines, the first of which asks it.
    """

    id: str
    plan: str
    entry: str | None
    agency: str
    question: str
    events: tuple[RequestEvent, ...]

    @property
    def opened_at(self) -> datetime:
        """The moment of asking (naive UTC)."""
        return self.events[0].at

    @property
    def opened_on(self) -> date:
        """The day of asking."""
        return self.events[0].on

    @property
    def opened_by(self) -> str:
        """Who asked."""
        return self.events[0].by

    def find_standing(self, as_of: date | None = None, known_at: datetime | None = None) -> Standing | None:
        """Return where it stands as of a day, as known at a moment (None: now); None if it was not asked by then."""
        events = [
            event
            for event in self.events
            if (as_of is None or event.on <= as_of) and (known_at is None or event.at <= known_at)
        ]
        if not events or events[0].kind != "asked":
            return None
        standing = Standing(events[0].on + TIME_TO_ANSWER)
        for event in events:
            standing = _apply(standing, event)
        return standing


def _apply(standing: Standing, event: RequestEvent) -> Standing:
    """Return where a request stands after an event."""
    due_on = event.details.get("due_on")
    due = date.fromisoformat(due_on) if due_on else standing.due_on
    reason = event.details.get("reason")
    match event.kind:
        case "asked":
            return replace(standing, due_on=date.fromisoformat(due_on) if due_on else event.on + TIME_TO_ANSWER)
        case "extended":
            return replace(standing, due_on=due)
        case "withdrawn":
            return replace(standing, withdrawn_on=event.on, withdrawal_reason=reason)
        case "accepted":
            return replace(standing, accepted_on=event.on)
        case "returned":
            return replace(
                standing,
                due_on=due,
                accepted_on=None,
                returned_at=event.at,
                returned_on=event.on,
                return_reason=reason,
            )
        case "written":
            source = event.details.get("source")
            return replace(standing, is_written=True, source=source, written_at=event.at, unsent_reason=None)
        case "not_written":
            return replace(standing, unsent_reason=reason)
        case "write_again":
            return replace(standing, is_written=False, unsent_reason=None)
