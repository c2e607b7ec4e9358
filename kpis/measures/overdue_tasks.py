"""Overdue annex tasks: those to do now (design.md §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kpis.measures.task_status import TaskStatus


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
