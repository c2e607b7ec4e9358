"""The explanations that agencies still have to give, asked anew when the ledger of requests changes."""

from __future__ import annotations

from collections import Counter

from kpis.measures.explanations import build_late_answer, fetch_explanations
from kpis.measures.question import Question
from kpis.measures.todo import LateAnswer
from kpis.store.database import Database
from kpis.ui.shared import data
from kpis.ui.shared.page_view import PageView

AnswersDue = tuple[tuple[str, int], ...]
"""Agencies with the number of explanations that they still have to give."""


def load_late_answers(db: Database, view: PageView, agency: str | None = None) -> tuple[LateAnswer, ...]:
    """Return the answers that are late in the view's plans, or those of one agency."""
    question = Question(view.as_of, plans=view.question.plans, agency=agency)
    explanations = data.call_cached_by_ledger(db, fetch_explanations, question)
    return tuple(build_late_answer(item) for item in explanations if item.state == "late")


def count_answers_due(db: Database, view: PageView) -> AnswersDue:
    """Return how many explanations each agency of the view's plan still has to give, late or not."""
    question = Question(view.as_of, plans=view.question.plans)
    explanations = data.call_cached_by_ledger(db, fetch_explanations, question)
    return tuple(sorted(Counter(item.agency for item in explanations if item.is_open).items()))
