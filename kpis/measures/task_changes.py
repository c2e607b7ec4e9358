"""Annex tasks that became overdue, or done, since an earlier day (design.md §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from kpis.measures.overdue_tasks import select_overdue_tasks
from kpis.measures.query import KNOWN_NOW, DatabaseReader
from kpis.measures.question import Question
from kpis.measures.task_status import DONE_STATES, TaskStatus, compute_task_status

TaskKey = tuple[str, int]
"""A task and the year of its instance."""


def list_newly_overdue_tasks(
    db: DatabaseReader, question: Question, earlier: Question, plans_with_tasks: Collection[str]
) -> list[TaskStatus]:
    """Return the tasks that are overdue as known now and were not on the earlier day as known then.

    Every begun year of a yearly task is compared: no later week would report one that ended with its year.
    """
    overdue_earlier = {get_key(task) for task in _compute_earlier(db, earlier) if task["state"] == "overdue"}
    tasks = select_overdue_tasks(_compute_current(db, question), plans_with_tasks)
    return [task for task in tasks if get_key(task) not in overdue_earlier]


def list_newly_done_tasks(
    db: DatabaseReader,
    question: Question,
    earlier: Question,
    plans_with_tasks: Collection[str],
    unread_plans: Collection[str] = (),
) -> list[TaskStatus]:
    """Return the tasks that are done as known now and were not on the earlier day as known then.

    `unread_plans` were first read since: they are compared with that day as known now. Every begun year is compared.
    """
    done_earlier = _list_done(_compute_earlier(db, earlier))
    if unread_plans:
        as_known_now = _compute_earlier(db, replace(earlier, known_at=None))
        done_earlier |= _list_done(task for task in as_known_now if task["plan"] in unread_plans)
    tasks = [
        task
        for task in _compute_current(db, question)
        if task["state"] in DONE_STATES and task["plan"] in plans_with_tasks and get_key(task) not in done_earlier
    ]
    return sorted(tasks, key=lambda task: (task["plan_position"], task["position"], task["year"]))


def get_key(task: TaskStatus) -> TaskKey:
    """Return what tells the instances of tasks apart."""
    return task["task"], task["year"]


def _list_done(tasks: Iterable[TaskStatus]) -> set[TaskKey]:
    return {get_key(task) for task in tasks if task["state"] in DONE_STATES}


def _compute_current(db: DatabaseReader, question: Question) -> list[TaskStatus]:
    return compute_task_status(db, replace(question, known_at=None, year=None))


def _compute_earlier(db: DatabaseReader, earlier: Question) -> list[TaskStatus]:
    return compute_task_status(db, replace(earlier, year=None, tracked_at=KNOWN_NOW))
