"""One plan's made-up sheet: rows with the day they were typed.

A row is visible from `typed_on` until the day before `removed_on`: so one sheet gives the workbook of each
reading day, and the sample has a last week to compare with (design.md §4 History).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data.sample.phrases import pick_person
from kpis.register.model import Register
from kpis.sheet.model import Field

TODAY = date(2026, 11, 21)
READING_DAYS = (date(2026, 10, 30), date(2026, 11, 13), TODAY)
"""The days on which the sample is read; the last one is the sample's today."""


@dataclass(frozen=True)
class FormulaErrorCell:
    """A cell whose formula has an error: `#REF!`, `#N/A`."""

    error: str


@dataclass(frozen=True)
class PercentCell:
    """A number cell that is formatted as a percentage."""

    value: float


SampleValue = str | int | float | date | FormulaErrorCell | PercentCell | None


@dataclass(frozen=True)
class SampleRow:
    """One row as typed: its cells by field, the day it was typed, the day it was removed."""

    cells: Mapping[Field, SampleValue]
    typed_on: date
    removed_on: date | None = None

    def is_visible_on(self, day: date) -> bool:
        """True if a reading on that day includes the row."""
        return self.typed_on <= day and (self.removed_on is None or day < self.removed_on)


@dataclass
class PlanSheet:
    """One plan's sheet: `progress` and `tasks` in the order they were typed."""

    plan: str
    register: Register
    rng: Random
    last_typed_on: date = TODAY
    progress: list[SampleRow] = field(default_factory=list)
    tasks: list[SampleRow] = field(default_factory=list)
    _evidence_count: int = 0

    def add_progress(
        self,
        day: SampleValue,
        agency: str | None,
        target: str | None,
        quantity: SampleValue,
        content: str,
        *,
        total: SampleValue = None,
        evidence: str | None = "",
        confirmed: str | None = None,
        shared_event: str | None = None,
        typed_on: date | None = None,
        removed_on: date | None = None,
    ) -> None:
        """Add a progress row. An empty `evidence` is made up; None leaves the cell empty."""
        place = (agency or "").removeprefix("UBND ")
        occurred = day if isinstance(day, date) else TODAY - timedelta(days=20)
        self.progress.append(
            SampleRow(
                {
                    "occurred_on": day,
                    "agency": self.spell_agency(agency) if agency else None,
                    "target": self.spell_target(target) if target else None,
                    "quantity": quantity,
                    "denominator": total,
                    "content": content.format(place=place),
                    "evidence": self.make_evidence(occurred) if evidence == "" else evidence,
                    "entered_by": pick_person(self.rng) if self.rng.random() < 0.7 else None,
                    "confirmed": confirmed,
                    "shared_event": shared_event,
                },
                typed_on or self.pick_typing_day(occurred),
                removed_on,
            )
        )

    def repeat_progress(self, number: int) -> None:
        """Add the progress row `number` a second time, as if another officer had typed it too."""
        row = self.progress[number]
        self.progress.append(SampleRow(row.cells, row.typed_on + timedelta(days=4)))

    def add_task(
        self,
        task: str,
        agency: str,
        status: str | None,
        finished_on: date | None,
        result: str,
        *,
        difficulty: str | None = None,
        typed_on: date | None = None,
    ) -> None:
        """Add a row for a task of this plan, named without the plan: `III.5`."""
        self.add_task_row(
            f"{self.plan}.{task}",
            agency,
            status,
            finished_on,
            result,
            difficulty=difficulty,
            typed_on=typed_on,
        )

    def add_task_row(
        self,
        task: str | None,
        agency: str,
        status: str | None,
        finished_on: date | None,
        result: str,
        *,
        difficulty: str | None = None,
        typed_on: date | None = None,
    ) -> None:
        """Add a task row; `task` is the full id, or another text for the column."""
        entry = self.register.tasks.get(task or "")
        occurred_on = finished_on or date(2026, 10, 20)
        cells: dict[Field, SampleValue] = {
            "task": task,
            "task_title": entry.title_vi if entry else None,
            "agency": self.spell_agency(agency),
            "status": status,
            "finished_on": finished_on,
            "result": result,
            "evidence": self.make_evidence(occurred_on) if status in {"Hoàn thành", "Đã xong"} else None,
            "difficulty": difficulty,
        }
        self.tasks.append(SampleRow(cells, typed_on or min(occurred_on, self.last_typed_on)))

    def add_unreported_tasks(self) -> None:
        """Add rows for the plan's tasks without a report: id, title and lead, as in a prepared sheet."""
        reported = {row.cells["task"] for row in self.tasks}
        for task in self.register.tasks.values():
            if task.plan == self.plan and task.id not in reported:
                cells: dict[Field, SampleValue] = {
                    "task": task.id,
                    "task_title": task.title_vi,
                    "agency": task.leads[0],
                }
                self.tasks.append(SampleRow(cells, date(2026, 1, 5)))

    def pick_typing_day(self, occurred_on: date) -> date:
        """Return the day on which a row is typed: up to six days later, not after `last_typed_on`."""
        return min(occurred_on + timedelta(days=self.rng.randint(0, 6)), self.last_typed_on)

    def make_evidence(self, occurred_on: date) -> str:
        """Return a unique made-up document number or link."""
        self._evidence_count += 1
        if self.rng.random() < 0.6:
            office = self.rng.choice(("UBND", "KT", "VHXH"))
            return f"{100 + self._evidence_count}/BC-{office}, {occurred_on:%d/%m/%Y}"
        return f"https://vi-du.example/{self.plan}/{occurred_on:%Y/%m}/{self._evidence_count}"

    def spell_agency(self, agency: str) -> str:
        """Return the agency as an officer types it: mostly its name, sometimes an alias."""
        dice = self.rng.random()
        if dice > 0.97:  # some keyboards type decomposed characters
            return unicodedata.normalize("NFD", agency)
        if agency.startswith("UBND ") and dice < 0.3:
            return self.rng.choice(("Ủy ban nhân dân ", "Uỷ ban nhân dân ", "ubnd ")) + agency[5:]
        aliases = self.get_aliases(agency)
        return self.rng.choice(aliases) if aliases and dice < 0.2 else agency

    def get_aliases(self, agency: str) -> Sequence[str]:
        """Return the register's aliases of an agency of this plan."""
        agencies = (entry for entry in self.register.agencies if entry.plan == self.plan)
        return next((entry.aliases for entry in agencies if entry.name == agency), ())

    def spell_target(self, target: str) -> str:
        """Return the target as an officer types it: its id or its title."""
        entry = self.register.targets.get(target)
        return entry.title_vi if entry and self.rng.random() < 0.35 else target

    def list_communes(self) -> tuple[str, ...]:
        """Return "UBND …" of every commune of the plan's province, in the register's order."""
        return tuple(
            agency.name
            for agency in self.register.agencies
            if agency.plan == self.plan and agency.kind == "commune" and not agency.name.startswith("UBND tỉnh")
        )

    def pick_working_day(self, first: date, last: date) -> date:
        """Return a day between two days, both included; of a weekend the Friday before it."""
        day = first + timedelta(days=self.rng.randint(0, (last - first).days))
        return day - timedelta(days=max(0, day.weekday() - 4))
