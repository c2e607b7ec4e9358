"""Last Sunday's rows, which tiles and changes of a page compare with: the same on all seven days of a week."""

from __future__ import annotations

from dataclasses import replace

from kpis.measures.changes import BaselineRows, build_last_week_question, compute_baseline_rows
from kpis.measures.question import Question
from kpis.store.database import Database
from kpis.ui.shared import data


def load_baseline(db: Database, question: Question) -> BaselineRows:
    """Return last Sunday's rows of the question's plans, as known at its end and as known now.

    Those of every plan serve each of them once they have been asked for; else those of the question's plans are.
    """
    last_week = build_last_week_question(question)
    if last_week.plans is None:
        return data.call_cached(db, compute_baseline_rows, last_week)
    every_plan = data.find_cached(db, compute_baseline_rows, replace(last_week, plans=None))
    if every_plan is not None:
        return every_plan.select_plans(last_week.plans)
    return data.call_cached(db, compute_baseline_rows, last_week)
