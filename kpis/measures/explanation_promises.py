"""What became of a promise: done by its day, not done, or its day has not come (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope

PromiseState = Literal["done", "not_done", "not_due"]
Promise = tuple[str | None, str | None, date | None]
"""A target or a task, and the day by which it is to be done."""

_MAX_DAYS = 1000
"""Days of versions whose verdicts are remembered: 10,000 promises have a few hundred days."""
_done: dict[tuple[Path, int, Scope | None, Question], frozenset[str]] = {}

_MET = frozenset({"attained", "attained_late"})
_DONE = frozenset({"done", "done_late"})


def judge_promises(db: Database, question: Question, promises: Sequence[Promise]) -> list[PromiseState | None]:
    """Return what became of each promise as of the day of a question; None without a day, or about an agency.

    A promise is done when its target is attained, or its task done, by its day; until that day has passed it is
    done as soon as that holds, else not due.
    """
    by_day = {min(day, question.as_of) for target, task, day in promises if day is not None and (target or task)}
    done_by_day = {day: _find_done(db, replace(question, as_of=day, year=None, agency=None)) for day in by_day}
    return [_judge(promise, question.as_of, done_by_day) for promise in promises]


def _judge(promise: Promise, as_of: date, done_by_day: dict[date, frozenset[str]]) -> PromiseState | None:
    target, task, day = promise
    entry = target or task
    if day is None or entry is None:
        return None
    if entry in done_by_day[min(day, as_of)]:
        return "done"
    return "not_done" if as_of > day else "not_due"


def _find_done(db: Database, question: Question) -> frozenset[str]:
    """Return which targets are attained and which tasks done at the end of a day; asked once of each version."""
    key = (db.pointer, db.version, db.scope, question)
    done = _done.get(key)
    if done is None:
        targets = {row["target"] for row in compute_attainment(db, question) if row["status"] in _MET}
        tasks = compute_task_status(db, question)
        done = frozenset(targets | {row["task"] for row in tasks if row["state"] in _DONE and row["current"]})
        if len(_done) >= _MAX_DAYS:
            _done.clear()
        _done[key] = done
    return done
