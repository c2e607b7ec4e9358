"""Judges the rows of the tab "Nhiệm vụ": each a report on a task, or a rejection (design.md §4).

Decided where the design leaves it open: a row that names no agency is the report of the task's lead where one
agency leads alone, else of nobody in particular; where the word of several decides it counts with the warning
agency_missing. Evidence is asked for once a task is said to be done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.checks.identity import Identities, folded
from kpis.checks.judging import Picker, Wrong, errors_in, finding, rejected
from kpis.checks.known import Detail, Known, Reading
from kpis.checks.statuses import Status
from kpis.register.model import Task
from kpis.sheet.layout import Layout
from kpis.sheet.model import Cell, CheckedRow, Field, RawRow, TaskReport


class TaskJudge:
    """Judges one tab's rows in the sheet's order: the first of equal rows is the one that counts."""

    def __init__(self, layout: Layout, known: Known) -> None:
        self._layout, self._known = layout, known
        self._days = known.days(date1904=layout.tab.date1904)
        self._picker = Picker(layout)
        self._identities = Identities(layout.kind)
        self.future_days: set[date] = set()

    def judge(self, row: RawRow) -> CheckedRow | None:
        """The row's outcome; None where at most Mã, Nhiệm vụ and Cơ quan are filled: nothing is reported."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        task_cell, title, agency_cell, status_cell, day_cell, result, evidence, difficulty = picked
        if all(cell.kind == "empty" for cell in (status_cell, day_cell, result, evidence, difficulty)):
            return None
        known = self._known
        task, status, day = known.tasks[task_cell], known.statuses[status_cell], self._days[day_cell]
        agency = self._reporter(agency_cell, task.value)
        texts = folded((title, result, evidence, difficulty))
        key = (task.key, agency.key, status.key, day.key, texts)
        identity = self._identities.next(key, row.number)
        wrong = _wrong(task, agency, status, day)
        wrong += errors_in(
            {"task_title": title, "result": result, "evidence": evidence, "difficulty": difficulty}
        )
        if identity.earlier or wrong or task.value is None or status.value is None:
            if day.code == "date_future" and day.value is not None:
                self.future_days.add(day.value)
            return replace(rejected(self._layout, row, identity, wrong), agency=agency.value)
        report = TaskReport(
            task.value.id,
            agency.value,
            status.value,
            day.value,
            result.text or None,
            evidence.text or None,
            difficulty.text or None,
        )
        unnamed = report.agency is None and len(known.deciding(task.value)) > 1
        unproven = status.value == "done" and not evidence.text
        look_at: list[tuple[Field, str, Detail]] = []
        if unnamed:
            look_at.append(("agency", "agency_missing", {"reason": "task"}))
        if unproven:
            look_at.append(("evidence", "evidence_missing", {}))
        return CheckedRow(
            "tasks",
            self._layout.tab.name,
            row.number,
            identity.accepted(),
            report.agency,
            None,
            report=report,
            warnings=tuple(finding(self._layout, row, *one) for one in look_at),
        )

    def _reporter(self, cell: Cell, task: Task | None) -> Reading[str]:
        if cell.kind != "empty":
            return self._known.agencies[cell]
        lead = None if task is None else self._known.single_lead(task)
        return Reading(lead or "", lead)


def _wrong(
    task: Reading[Task], agency: Reading[str], status: Reading[Status], day: Reading[date]
) -> list[Wrong]:
    wrong = []
    if task.code:
        wrong.append(Wrong("task", task.code, task.detail))
    if agency.code:
        wrong.append(Wrong("agency", agency.code, agency.detail))
    if status.code:
        wrong.append(Wrong("status", status.code, status.detail))
    if day.code and (day.code != "date_missing" or status.value == "done"):
        wrong.append(Wrong("finished_on", day.code, day.detail))
    return wrong
