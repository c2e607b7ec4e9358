"""What became of a promise: done by its day, not done, or its day has not come (design.md §5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
Promise = tuple[str | None, str | None, date | None, date | None]
"""A target or a task, the day by which it is to be done, and the day on which that was promised."""

_MAX_DAYS = 1000
"""Days of versions whose verdicts are remembered: 10,000 promises have a few hundred days."""
_MAX_YEARS = 5
"""Ends of years that are looked at: a promise lies within its plan, and a day in a sheet may be a mistake."""
_done: dict[tuple[Path, int, Scope | None, Question], frozenset[str]] = {}

_MET = frozenset({"attained", "attained_late"})
_DONE = frozenset({"done", "done_late"})


def judge_promises(db: Database, question: Question, promises: Sequence[Promise]) -> list[PromiseState | None]:
    """Return what became of each promise as of the day of a question; None without a day, or about an agency.

    A promise is done when its target is attained, or its task done, by its day; until that day has passed it is
    done as soon as that holds, else not due. Where its day lies in a later year than the promise, what was done
    between the promise and the end of a year stays done: the next year judges another period.
    """
    checks = [_list_checks(promise, question.as_of) for promise in promises]
    days = {day for pairs in checks for pair in pairs for day in pair if day is not None}
    done_by_day = {day: _find_done(db, replace(question, as_of=day, year=None, agency=None)) for day in days}
    return [
        _judge(promise, question.as_of, pairs, done_by_day) for promise, pairs in zip(promises, checks, strict=True)
    ]


def _list_checks(promise: Promise, as_of: date) -> list[tuple[date, date | None]]:
    """Return the days on which a promise may be done, each with a day on which it must not have been done yet."""
    target, task, day, given_on = promise
    if day is None or not (target or task):
        return []
    last = min(day, as_of)
    first_year = last.year if given_on is None else max(given_on.year, last.year - _MAX_YEARS)
    return [(last, None), *((date(year, 12, 31), given_on) for year in range(first_year, last.year))]


def _judge(
    promise: Promise,
    as_of: date,
    checks: Sequence[tuple[date, date | None]],
    done_by_day: Mapping[date, frozenset[str]],
) -> PromiseState | None:
    target, task, day, _ = promise
    entry = target or task
    if day is None or entry is None:
        return None
    for last, earlier in checks:
        if entry in done_by_day[last] and (earlier is None or entry not in done_by_day[earlier]):
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
