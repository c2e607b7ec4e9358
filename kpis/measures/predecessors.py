"""The agencies for which another one stands since they were merged or renamed (design.md §5, Mergers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from kpis.measures.attainment_rows import Attainment, MeasureValue
from kpis.measures.open_doubts import to_number
from kpis.measures.query import DatabaseReader, build_statement, run_query
from kpis.measures.question import Question
from kpis.measures.shared_events import load_event_changes

_SUCCESSORS_QUERY = build_statement(["agency_chains"], "plan, agency, from_day")
_PARTS_QUERY = build_statement(
    ["requested_periods", "known_entries", "predecessor_parts"], "target, period_start, period_end, predecessor"
)
_PartKey = tuple[str, date, date, str]


@dataclass(frozen=True)
class Succession:
    """An agency that has ended, and the one that stands for it from a day on."""

    agency: str
    successor: str
    from_day: date


@dataclass(frozen=True)
class PredecessorParts:
    """What former agencies have added to the figure of the one that answers for them, by target and period."""

    parts: Mapping[_PartKey, tuple[tuple[str, MeasureValue], ...]]

    def list_of(self, row: Attainment) -> tuple[tuple[str, MeasureValue], ...]:
        """Return the former agencies of an agency's row, each with what it added; empty for other rows."""
        return self.parts.get((row["target"], row["period_start"], row["period_end"], row["agency"] or ""), ())

    def list_of_target(self, row: Attainment) -> tuple[tuple[str, MeasureValue], ...]:
        """Return the former agencies of all that answer for a target's row, each with what it added to its figure."""
        key = row["target"], row["period_start"], row["period_end"]
        return tuple(part for (*period, _), parts in self.parts.items() if tuple(period) == key for part in parts)


NO_PARTS = PredecessorParts({})


def list_successions(db: DatabaseReader, question: Question) -> list[Succession]:
    """Return who stands on the day for the agencies of the question's one plan that have ended by then."""
    plan = next(iter(question.plans or ()), "")
    standing: dict[str, Succession] = {}
    for row in run_query(db, _SUCCESSORS_QUERY, question.to_parameters()):
        if row["plan"] == plan and cast(date, row["from_day"]) <= question.as_of:  # of a chain the last one
            name = str(row["agency"])
            standing[name] = Succession(name, str(row["successor"]), cast(date, row["from_day"]))
    return list(standing.values())


def list_answered_agencies(db: DatabaseReader, question: Question) -> list[str]:
    """Return the question's agency, and those for which it stands on the day."""
    successions = list_successions(db, question)
    return [str(question.agency), *(each.agency for each in successions if each.successor == question.agency)]


def load_predecessor_parts(db: DatabaseReader, question: Question) -> PredecessorParts:
    """Return what predecessors have added to the figures of those that answer for them, up to the day."""
    params = question.to_parameters()
    if not run_query(db, _SUCCESSORS_QUERY, params):
        return NO_PARTS
    params["event_changes"] = load_event_changes(db, params)
    parts: dict[_PartKey, list[tuple[str, MeasureValue]]] = {}
    for row in run_query(db, _PARTS_QUERY, params):
        key = cast("_PartKey", tuple(row[name] for name in ("target", "period_start", "period_end", "agency")))
        added = to_number(Fraction(cast(int, row["added"]), cast(int, row["unit"])))
        parts.setdefault(key, []).append((str(row["predecessor"]), added))
    return PredecessorParts({key: tuple(items) for key, items in parts.items()})
