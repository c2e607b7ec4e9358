"""Which explanations belong into the report of a year."""

from __future__ import annotations

from kpis.measures.explanations import Explanation, fetch_explanations
from kpis.measures.question import Question
from kpis.store.database import Database

_STATES = frozenset({"late", "open", "answered"})


def list_explanations(db: Database, question: Question, year: int) -> tuple[Explanation, ...]:
    """Return the plan's explanations that were asked for, waited or were given in a year; the late ones first."""
    items = fetch_explanations(db, question)
    return tuple(item for item in items if item.state in _STATES and _concerns(item, year))


def _concerns(item: Explanation, year: int) -> bool:
    """True if it was asked by the end of a year, and not answered ahead of it."""
    first = item.asked_on or item.answered_on
    is_begun = first is not None and first.year <= year
    return is_begun and (item.answered_on is None or item.answered_on.year >= year)
