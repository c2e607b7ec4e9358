"""The periods and due days of targets and tasks (design.md §5 due_on, Task)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpis.register.model import Period, Plan, Register, Target, Task


@dataclass(frozen=True)
class TaskInstance:
    """One occurrence of a task: reports count from `starts_on`; an ongoing task has no `due_on`."""

    task: str
    year: int
    starts_on: date
    due_on: date | None


def get_due_day(plan: Plan, target: Target) -> str:
    """Return the MM-DD on which a target is due: its own, else the plan's reporting day, else 31 December."""
    return target.due or plan.reporting_day or "12-31"


def list_periods(register: Register, target: Target) -> tuple[Period, ...]:
    """Return the periods of a target in order; in a plan without an end, up to the year it is shown to."""
    plan = register.plans[target.plan]
    years = range(plan.start_year, plan.shown_to + 1)
    spans = [(year, year) for year in years] if target.recurrence == "yearly" else [(years[0], years[-1])]
    due = get_due_day(plan, target)
    return tuple(Period(target.id, date(first, 1, 1), date(last, 12, 31), _to_date(last, due)) for first, last in spans)


def list_task_instances(register: Register, task: Task) -> tuple[TaskInstance, ...]:
    """Return one instance per year for a yearly task, else one, due on the reporting day of its last year.

    A task without a last year ends with its plan. An ongoing task is never due.
    """
    plan = register.plans[task.plan]
    due = plan.reporting_day or "12-31"
    last = max(task.last_year or plan.shown_to, task.first_year)
    if task.timing == "yearly":
        years = range(task.first_year, last + 1)
        return tuple(TaskInstance(task.id, year, date(year, 1, 1), _to_date(year, due)) for year in years)
    starts_on = date(task.first_year, 1, 1)
    if task.timing == "ongoing":
        return (TaskInstance(task.id, task.first_year, starts_on, None),)
    return (TaskInstance(task.id, last, starts_on, _to_date(last, due)),)


def _to_date(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year:04}-{month_day}")
