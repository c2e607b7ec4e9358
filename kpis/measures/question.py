"""The question that every measure answers: which day, known when, which year, plans and agency."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from kpis.measures.query import KNOWN_NOW


@dataclass(frozen=True)
class Question:
    """What is asked of the figures; small and hashable, so that it can be part of a cache's key.

    `as_of`: the day whose end is asked about. `known_at` (naive UTC): only what had been read by that moment;
    None for what is known now. `year`: the year whose periods are asked for, None for the as-of day's (for
    tasks: every year). `plans`: None for all. `agency`: one agency's part only, by its canonical name.
    `tracked_at`: the plans are those tracked at that moment, by default at `known_at`.
    """

    as_of: date
    known_at: datetime | None = None
    year: int | None = None
    plans: frozenset[str] | None = None
    agency: str | None = None
    tracked_at: datetime | None = None

    @property
    def judged_year(self) -> int:
        """The year whose periods are asked for."""
        return self.as_of.year if self.year is None else self.year

    def to_parameters(self, targets: Collection[str] | None = None) -> dict[str, object]:
        """Return the parameters of the SQL steps (see requested_periods.sql); `targets` None for all."""
        return {
            "as_of": self.as_of,
            "known_at": self.known_at or KNOWN_NOW,
            "tracked_at": self.tracked_at or self.known_at or KNOWN_NOW,
            "year": self.judged_year,
            "plans": None if self.plans is None else sorted(self.plans),
            "agency": self.agency,
            "targets": None if targets is None else sorted(targets),
            "event_changes": [],
            "doubted_totals": [],
            "previous_figures": [],
            "is_previous_year": False,
        }


def as_plan_set(plan: str | None) -> frozenset[str] | None:
    """Return the plans of a question about one plan, or about all for None."""
    return None if plan is None else frozenset({plan})
