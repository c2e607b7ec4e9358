"""One plan's made-up sheet while it is being filled: rows with the day they were typed.

A row is seen by every reading from `typed` on and, if it was taken out again, before `gone`: so one book
gives the workbook of each reading day, and the sample has a last week to compare with (design.md §4 History).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data.sample.phrases import person
from kpis.register.model import Register
from kpis.sheet.model import Field

TODAY = date(2026, 11, 21)
READINGS = (date(2026, 10, 30), date(2026, 11, 13), TODAY)
"""The days on which the sample was read; the last one is the sample's today."""


@dataclass(frozen=True)
class Broken:
    """A cell whose formula ended in an error: `#REF!`, `#N/A`."""

    error: str


@dataclass(frozen=True)
class Percent:
    """A number cell that someone formatted as a percentage."""

    value: float


Value = str | int | float | date | Broken | Percent | None


@dataclass(frozen=True)
class Row:
    """One row as typed: its cells by field, the day it was typed, the day it was taken out again."""

    cells: Mapping[Field, Value]
    typed: date
    gone: date | None = None

    def seen_on(self, reading: date) -> bool:
        """Whether the reading of that day finds the row."""
        return self.typed <= reading and (self.gone is None or reading < self.gone)


@dataclass
class Book:
    """One plan's sheet: `progress` and `tasks` in the order they were typed."""

    plan: str
    register: Register
    random: Random
    last_typed: date = TODAY
    progress: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    _links: int = 0

    def report(
        self,
        day: Value,
        agency: str | None,
        target: str | None,
        quantity: Value,
        content: str,
        *,
        total: Value = None,
        evidence: str | None = "",
        typed: date | None = None,
        gone: date | None = None,
    ) -> None:
        """Types one progress row. An empty `evidence` is made up; None leaves the cell empty."""
        place = (agency or "").removeprefix("UBND ")
        occurred = day if isinstance(day, date) else TODAY - timedelta(days=20)
        self.progress.append(
            Row(
                {
                    "occurred_on": day,
                    "agency": self.spelled(agency) if agency else None,
                    "target": self.target_spelled(target) if target else None,
                    "quantity": quantity,
                    "denominator": total,
                    "content": content.format(place=place),
                    "evidence": self.evidence(occurred) if evidence == "" else evidence,
                    "entered_by": person(self.random) if self.random.random() < 0.7 else None,
                },
                typed or self.typed_after(occurred),
                gone,
            )
        )

    def repeat(self, number: int) -> None:
        """Types the progress row `number` once more, as a second officer does who did not look."""
        row = self.progress[number]
        self.progress.append(Row(row.cells, row.typed + timedelta(days=4)))

    def update(
        self,
        task: str,
        agency: str,
        status: str | None,
        finished_on: date | None,
        result: str,
        *,
        difficulty: str | None = None,
        typed: date | None = None,
    ) -> None:
        """Types one task row for a task of this plan, named without the plan: `III.5`."""
        self.task_row(
            f"{self.plan}.{task}", agency, status, finished_on, result, difficulty=difficulty, typed=typed
        )

    def task_row(
        self,
        task: str | None,
        agency: str,
        status: str | None,
        finished_on: date | None,
        result: str,
        *,
        difficulty: str | None = None,
        typed: date | None = None,
    ) -> None:
        """Types one task row; `task` is its whole id, or whatever stands in the column."""
        known = self.register.tasks.get(task or "")
        done = finished_on or date(2026, 10, 20)
        cells: dict[Field, Value] = {
            "task": task,
            "task_title": known.title_vi if known else None,
            "agency": self.spelled(agency),
            "status": status,
            "finished_on": finished_on,
            "result": result,
            "evidence": self.evidence(done) if status in {"Hoàn thành", "Đã xong"} else None,
            "difficulty": difficulty,
        }
        self.tasks.append(Row(cells, typed or min(done, self.last_typed)))

    def list_other_tasks(self) -> None:
        """Adds the plan's tasks that nobody reported on: id, title and lead, as made ready for them."""
        reported = {row.cells["task"] for row in self.tasks}
        for task in self.register.tasks.values():
            if task.plan == self.plan and task.id not in reported:
                cells: dict[Field, Value] = {
                    "task": task.id,
                    "task_title": task.title_vi,
                    "agency": task.leads[0],
                }
                self.tasks.append(Row(cells, date(2026, 1, 5)))

    def typed_after(self, occurred: date) -> date:
        """The day an officer gets round to typing: some days later, by the sheet's last day at the latest."""
        return min(occurred + timedelta(days=self.random.randint(0, 6)), self.last_typed)

    def evidence(self, occurred: date) -> str:
        """A made-up document number or link; no two alike."""
        self._links += 1
        if self.random.random() < 0.6:
            return f"{100 + self._links}/BC-{self.random.choice(('UBND', 'KT', 'VHXH'))}, {occurred:%d/%m/%Y}"
        return f"https://vi-du.example/{self.plan}/{occurred:%Y/%m}/{self._links}"

    def spelled(self, agency: str) -> str:
        """The agency as an officer types it: mostly its name, now and then an accepted other one."""
        dice = self.random.random()
        if dice > 0.97:  # some keyboards write letter and tone apart
            return unicodedata.normalize("NFD", agency)
        if agency.startswith("UBND ") and dice < 0.3:
            return self.random.choice(("Ủy ban nhân dân ", "Uỷ ban nhân dân ", "ubnd ")) + agency[5:]
        aliases = self.aliases(agency)
        return self.random.choice(aliases) if aliases and dice < 0.2 else agency

    def aliases(self, agency: str) -> Sequence[str]:
        """The register's other names for an agency of this plan."""
        return next(
            (a.aliases for a in self.register.agencies if (a.plan, a.name) == (self.plan, agency)), ()
        )

    def target_spelled(self, target: str) -> str:
        """The target as an officer types it: its id or its title."""
        known = self.register.targets.get(target)
        return known.title_vi if known and self.random.random() < 0.35 else target

    def communes(self) -> tuple[str, ...]:
        """ "UBND …" of every commune of the plan's province, in the register's order."""
        found = [a.name for a in self.register.agencies if a.plan == self.plan and a.kind == "commune"]
        return tuple(name for name in found if not name.startswith("UBND tỉnh"))

    def day(self, first: date, last: date) -> date:
        """A working day between two days, both included."""
        chosen = first + timedelta(days=self.random.randint(0, (last - first).days))
        return chosen - timedelta(days=max(0, chosen.weekday() - 4)) if chosen.weekday() > 4 else chosen
