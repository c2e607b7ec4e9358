"""The periods and due days of targets and tasks (design.md §5 due_on, Task)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kpis.register.days import parse_year_day
from kpis.register.judged import Period, TaskInstance
from kpis.register.model import SPAN_MONTHS, Plan, Register, Target, Task

YEAR_END = "12-31"
"""The day of the year ("MM-DD") by which a plan without a yearly reporting day is judged (design.md §5)."""


class DueDay(NamedTuple):
    """A day of every year on which something is due; `is_next_year`: in the year after the one that is judged."""

    month_day: str
    is_next_year: bool = False

    def in_year(self, year: int) -> date:
        """Return the day on which a year is due."""
        return date.fromisoformat(f"{year + self.is_next_year:04}-{self.month_day}")


def get_due_day(plan: Plan, own_day: str | None) -> DueDay:
    """Return when a target or task is due: on its own day (MM-DD), else the plan's yearly reporting day, else 31/12."""
    if own_day is not None:
        return DueDay(own_day)
    if (day := plan.yearly_day) is not None:
        return DueDay(parse_year_day(day.day) or YEAR_END, day.next_year)
    return DueDay(YEAR_END)


def get_target_due_day(plan: Plan, target: Target) -> DueDay:
    """Return when a target is due; a change that adds up is compared with a whole year, and judged on its last day."""
    if target.measure == "change" and target.accumulation == "increment":
        return DueDay(YEAR_END)
    return get_due_day(plan, target.due)


def list_periods(register: Register, target: Target) -> tuple[Period, ...]:
    """Return the periods of a target in order; in a plan without an end, up to the year it is shown to.

    A year of quarters, months or half-years is followed by them. Of a target that differs between versions they are
    those that its own version judges.
    """
    judged = register.judged_periods.get(target.id)
    return list_own_periods(register, target) if judged is None else judged


def list_own_periods(register: Register, target: Target) -> tuple[Period, ...]:
    """Return the periods of a target in order, whichever version of its plan judges them."""
    periods = _list_periods(register, target)
    if target.baseline is None:
        return periods
    value, year = target.baseline.value, target.baseline.year
    if target.recurrence != "yearly":
        return tuple(replace(period, baseline=value, baseline_year=year) for period in periods)
    first = next((period for period in periods if period.in_force), None)
    return tuple(
        replace(period, baseline=value if period is first else None, baseline_year=period.start.year - 1)
        for period in periods
    )


def _list_periods(register: Register, target: Target) -> tuple[Period, ...]:
    plan = register.plans[target.plan]
    years = range(plan.start_year, plan.shown_to + 1)
    due = get_target_due_day(plan, target)
    from_day = _get_first_day(plan, target)

    def build(first: int, last: int, floor: Decimal | None, years_asked: tuple[int, int] | None = None) -> Period:
        start, end = date(first, 1, 1), date(last, 12, 31)
        first_asked, last_asked = years_asked or (first, last)
        return Period(
            target.id, start, end, due.in_year(last), floor, first_asked, last_asked,
            paced_from=min(max(start, from_day), end), in_force=end >= from_day,
        )  # fmt: skip

    if target.counting == "each_year":
        floors = {stage.year: stage.floor for stage in target.stages}
        return tuple(build(year, year, floors.get(year)) for year in years)
    if target.counting == "to_date":
        return tuple(
            build(years[0], stage.year, stage.floor, years_asked)
            for stage, years_asked in zip(target.stages, _list_asked_years(target, years), strict=True)
        )
    if target.recurrence in SPAN_MONTHS:
        whole_years = [
            replace(period, due_on=period.end) for year in years for period in [build(year, year, target.floor)]
        ]
        return tuple(period for year in whole_years for period in (year, *_list_spans(target, year, from_day)))
    if target.recurrence == "yearly":
        return tuple(build(year, year, target.floor) for year in years)
    return (build(years[0], years[-1], target.floor),)


def list_judged_periods(register: Register, target: Target) -> tuple[Period, ...]:
    """Return the periods by which a target is judged: of a year of quarters, these and not the year."""
    periods = list_periods(register, target)
    return tuple(period for period in periods if period.span) if target.recurrence in SPAN_MONTHS else periods


def _get_first_day(plan: Plan, target: Target) -> date:
    """Return from when anything is owed: by spans shorter than a year, not before the plan was issued."""
    first_day = date(plan.start_year, 1, 1)
    if target.from_day is not None:
        return target.from_day
    return plan.issued_on or first_day if target.recurrence in SPAN_MONTHS else first_day


def _list_spans(target: Target, year: Period, from_day: date) -> Iterator[Period]:
    """Yield the spans of a year; each is due on its last day."""
    months = SPAN_MONTHS[target.recurrence]
    for number, month in enumerate(range(1, 13, months), start=1):
        start = date(year.start.year, month, 1)
        end = year.end if month + months > 12 else date(start.year, month + months, 1) - timedelta(days=1)
        yield replace(
            year, start=start, end=end, due_on=end, span=_format_span(target.recurrence, start.year, number),
            paced_from=min(max(start, from_day), end), in_force=end >= from_day,
        )  # fmt: skip


def _format_span(recurrence: str, year: int, number: int) -> str:
    """Return the name of a span: "2026-Q3", "2026-H1", "2026-07"."""
    names = {"quarterly": f"Q{number}", "half_yearly": f"H{number}", "monthly": f"{number:02}"}
    return f"{year}-{names[recurrence]}"


def _list_asked_years(target: Target, years: range) -> Iterator[tuple[int, int]]:
    """Yield for each stage the years for which it is asked: the first stage not before a year, at last the last."""
    first = years[0]
    for stage in target.stages:
        is_last = stage is target.stages[-1]
        yield first, max(stage.year, years[-1]) if is_last else stage.year
        first = stage.year + 1


def list_task_instances(register: Register, task: Task) -> tuple[TaskInstance, ...]:
    """Return the instances of a task; of one that differs between versions those that its own version judges."""
    judged = register.judged_instances.get(task.id)
    return list_own_instances(register, task) if judged is None else judged


def list_own_instances(register: Register, task: Task) -> tuple[TaskInstance, ...]:
    """Return one instance per year for a yearly task, else one, due on its own day of its last year.

    Without such a day, it is due on the plan's yearly reporting day. A task without a last year ends with its
    plan. An ongoing task is never due.
    """
    plan = register.plans[task.plan]
    due = get_due_day(plan, task.due_on)
    last = max(task.last_year or plan.shown_to, task.first_year)
    if task.timing == "yearly":
        years = range(task.first_year, last + 1)
        return tuple(TaskInstance(task.id, year, date(year, 1, 1), due.in_year(year)) for year in years)
    starts_on = date(task.first_year, 1, 1)
    if task.timing == "ongoing":
        return (TaskInstance(task.id, task.first_year, starts_on, None),)
    return (TaskInstance(task.id, last, starts_on, due.in_year(last)),)
