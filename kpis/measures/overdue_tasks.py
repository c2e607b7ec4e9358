"""Overdue annex tasks: those to do now, and those that became overdue since an earlier day (design.md §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from kpis.measures.query import KNOWN_NOW, DatabaseReader
from kpis.measures.question import Question
from kpis.measures.task_status import TaskStatus, compute_task_status


def select_overdue_tasks(tasks: Iterable[TaskStatus], plans_with_tasks: Collection[str]) -> list[TaskStatus]:
    """Return the overdue tasks, overdue longest first, of plans whose tab of tasks has been read."""
    overdue = [
        task
        for task in tasks
        if task["state"] == "overdue" and task["plan"] in plans_with_tasks and not task.get("is_plan_over")
    ]
    return sorted(overdue, key=lambda task: (-count_days_overdue(task), task["plan_position"], task["position"]))


def count_days_overdue(task: TaskStatus) -> int:
    """Return how many days after its due day a task is; 0 without one."""
    return (task["as_of"] - task["due_on"]).days if task["due_on"] else 0


def list_newly_overdue_tasks(
    db: DatabaseReader, question: Question, earlier: Question, plans_with_tasks: Collection[str]
) -> list[TaskStatus]:
    """Return the tasks that are overdue as known now and were not on the earlier day as known then.

    Every begun year of a yearly task is compared: no later week would report one that ended with its year.
    """
    question, earlier = (
        replace(question, known_at=None, year=None),
        replace(earlier, year=None, tracked_at=KNOWN_NOW),
    )
    overdue_earlier = {
        (task["task"], task["year"]) for task in compute_task_status(db, earlier) if task["state"] == "overdue"
    }
    return [
        task
        for task in select_overdue_tasks(compute_task_status(db, question), plans_with_tasks)
        if (task["task"], task["year"]) not in overdue_earlier
    ]
