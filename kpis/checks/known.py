"""Reads the cells of a sheet against one plan: each distinct cell once, with what is wrong with it.

A `Reading` holds the value, or the rejection code and what fills its sentence; its `key` is the cell's part
in the identity of its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from kpis.checks.dates import NoDay, read_day
from kpis.checks.identity import unread
from kpis.checks.nearest import Nearest
from kpis.checks.numbers import NoNumber, is_done, read_milestone, read_quantity
from kpis.checks.several import Several
from kpis.checks.statuses import Status, read_status
from kpis.language.normalization import fold
from kpis.register.model import Register, Target, Task
from kpis.register.names import AgencyNames, Ambiguous, TargetNames
from kpis.sheet.model import Cell

T = TypeVar("T")
Detail = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What one cell was read as: `value`, or `code` when it was not."""

    key: str
    value: T | None = None
    code: str | None = None
    detail: Detail = field(default_factory=dict)


class Readings(dict[Cell, Reading[T]]):
    """Readings by cell, made on first use."""

    def __init__(self, read: Callable[[Cell], Reading[T]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> Reading[T]:
        reading = self[cell] = self._read(cell)
        return reading


class Known:
    """What a sheet of one plan may name, as the register has it, on the day `today`."""

    def __init__(self, register: Register, plan_id: str, today: date) -> None:
        plan = register.plans[plan_id]
        self._plan, self._today = plan_id, today
        self._first_year, self._last_year = plan.start_year, plan.end_year
        self._register = register
        self._agency_names = AgencyNames(register, plan_id)
        self._several = Several(register, plan_id, self._agency_names)
        self._target_names = TargetNames(register, plan_id)
        self._tasks = {fold(task.id): task for task in register.tasks.values() if task.plan == plan_id}
        self._near_agencies = Nearest(_agency_suggestions(register, plan_id))
        self._near_targets = Nearest(_target_suggestions(register, plan_id, self._target_names))
        self.agencies = Readings(self._agency)
        self.targets = Readings(self._target)
        self.tasks = Readings(self._task)
        self.statuses = Readings(_status)
        self.numbers = Readings(_number)
        self.milestones = Readings(_milestone)

    def days(self, *, date1904: bool) -> Readings[date]:
        """Readings of days, for a tab whose bare numbers count from 1900 or from 1904."""
        return Readings(lambda cell: self._day(cell, date1904))

    def single_lead(self, task: Task) -> str | None:
        """Who leads a task alone; None for several leads or a collective, which cannot report as one."""
        lead = task.leads[0] if len(task.leads) == 1 else ""
        return lead if lead and self._agency_names.find(lead) == lead else None

    def deciding(self, task: Task) -> frozenset[str]:
        """Whose word decides a task (§5): each single lead, and the focal department for a collective one."""
        focal = self._register.plans[self._plan].focal_agency
        return frozenset(self._agency_names.find(lead) or focal for lead in task.leads) or frozenset((focal,))

    def _day(self, cell: Cell, date1904: bool) -> Reading[date]:
        day = read_day(cell, date1904=date1904)
        if isinstance(day, NoDay):
            return _unread(cell, _code("date", day.problem), {"reason": day.reason} if day.reason else {})
        key = day.isoformat()
        if day > self._today:
            return Reading(key, day, "date_future")
        if day.year < self._first_year or (self._last_year is not None and day.year > self._last_year):
            last = {} if self._last_year is None else {"last": self._last_year}
            return Reading(key, day, "date_outside_plan", {"first": self._first_year, **last})
        return Reading(key, day)

    def _agency(self, cell: Cell) -> Reading[str]:
        if code := _nothing(cell, "agency"):
            return _unread(cell, code)
        name = self._agency_names.find(cell.text)
        if name is None and self._several.means(cell.text):
            return _unread(cell, "agency_unknown", {"reason": "several"})
        if name is None:
            return _unread(cell, "agency_unknown", _suggest(self._near_agencies, cell))
        return Reading(name, name)

    def _target(self, cell: Cell) -> Reading[Target]:
        if code := _nothing(cell, "target"):
            return _unread(cell, code)
        found = self._target_names.find(cell.text)
        if found is None:
            return _unread(cell, "target_unknown", _suggest(self._near_targets, cell))
        if isinstance(found, Ambiguous):
            return _unread(cell, "target_ambiguous", {"candidates": ", ".join(found.candidates)})
        return Reading(found, self._register.targets[found])

    def _task(self, cell: Cell) -> Reading[Task]:
        if code := _nothing(cell, "task"):
            return _unread(cell, code)
        task = self._tasks.get(fold(cell.text))
        if task is None:
            meant = self._tasks.get(fold(f"{self._plan}.{cell.text}"))
            return _unread(cell, "task_unknown", {"nearest": meant.id} if meant else {})
        return Reading(task.id, task)


def _status(cell: Cell) -> Reading[Status]:
    if code := _nothing(cell, "status"):
        return _unread(cell, code)
    status = read_status(cell.text)
    return _unread(cell, "status_unknown") if status is None else Reading(status, status)


def _number(cell: Cell) -> Reading[int]:
    return _quantity(cell, read_quantity(cell))


def _milestone(cell: Cell) -> Reading[int]:
    return _quantity(cell, read_milestone(cell))


def _quantity(cell: Cell, number: int | NoNumber) -> Reading[int]:
    if isinstance(number, NoNumber):
        reason = "done" if is_done(cell) else number.reason
        detail = {"reason": reason} if reason else {}
        return _unread(cell, _code("quantity", number.problem), detail)
    return Reading(str(number), number)


def _nothing(cell: Cell, name: str) -> str | None:
    """The code of a cell of text that holds none."""
    if cell.kind == "empty":
        return f"{name}_missing"
    return "formula_error" if cell.kind == "error" else None


def _code(name: str, problem: str) -> str:
    return problem if problem == "formula_error" else f"{name}_{problem}"


def _unread(cell: Cell, code: str, detail: Detail | None = None) -> Reading[T]:
    return Reading(unread(cell.text), None, code, detail or {})


def _suggest(nearest: Nearest, cell: Cell) -> Detail:
    name = nearest.find(cell.text)
    return {"nearest": name} if name else {}


def _agency_suggestions(register: Register, plan: str) -> list[tuple[str, str]]:
    agencies = [agency for agency in register.agencies if agency.plan == plan]
    return [(name, agency.name) for agency in agencies for name in (agency.name, *agency.aliases)]


def _target_suggestions(register: Register, plan: str, names: TargetNames) -> list[tuple[str, str]]:
    """The titles and indicator names that name one target of the plan; an id is too short to guess from."""
    targets = [target for target in register.targets.values() if target.plan == plan]
    texts = [
        text
        for target in targets
        for text in (target.title_vi, register.indicators[target.indicator].name_vi)
        if isinstance(names.find(text), str)
    ]
    return [(text, text) for text in dict.fromkeys(texts)]
