"""Judges the rows of the tab "Nhiệm vụ": each a report on a task, or a rejection (design.md §4).

Decided where the design leaves it open: a row that names no agency is the report of the task's lead where one
agency leads alone, else of nobody in particular; where the word of several decides it counts with the warning
agency_missing. Evidence is asked for once a task is said to be done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.checks.plan_vocabulary import CellReading, FindingDetail, PlanVocabulary
from kpis.checks.reported_status import ReportedStatus
from kpis.checks.row_findings import (
    CellPicker,
    CellRejection,
    find_formula_errors,
    make_finding,
    make_rejected_row,
)
from kpis.checks.row_identity import RowIdentities, make_text_key
from kpis.register.model import Task
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CheckedRow, Field, RawRow, TaskReport


class TaskChecker:
    """Judges one tab's rows in the sheet's order: the first of equal rows is the one that counts."""

    def __init__(self, layout: TabLayout, vocabulary: PlanVocabulary) -> None:
        self._layout, self._vocabulary = layout, vocabulary
        self._days = vocabulary.build_day_readings(date1904=layout.tab.date1904)
        self._picker = CellPicker(layout)
        self._identities = RowIdentities(layout.kind)
        self.future_days: set[date] = set()

    def check_row(self, row: RawRow) -> CheckedRow | None:
        """The row's outcome; None where at most Mã, Nhiệm vụ and Cơ quan are filled: nothing is reported."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        task_cell, title, agency_cell, status_cell, day_cell, result, evidence, difficulty = picked
        if all(cell.kind == "empty" for cell in (status_cell, day_cell, result, evidence, difficulty)):
            return None
        known = self._vocabulary
        task, status, day = known.tasks[task_cell], known.statuses[status_cell], self._days[day_cell]
        agency = self._find_reporter(agency_cell, task.value)
        texts = make_text_key((title, result, evidence, difficulty))
        key = (task.key, agency.key, status.key, day.key, texts)
        identity = self._identities.identify(key, row.number)
        wrong = _find_rejections(task, agency, status, day)
        wrong += find_formula_errors(
            {"task_title": title, "result": result, "evidence": evidence, "difficulty": difficulty}
        )
        if identity.earlier_count or wrong or task.value is None or status.value is None:
            if day.code == "date_future" and day.value is not None:
                self.future_days.add(day.value)
            return replace(make_rejected_row(self._layout, row, identity, wrong), agency=agency.value)
        report = TaskReport(
            task.value.id,
            agency.value,
            status.value,
            day.value,
            result.text or None,
            evidence.text or None,
            difficulty.text or None,
        )
        unnamed = report.agency is None and len(known.find_deciding_agencies(task.value)) > 1
        unproven = status.value == "done" and not evidence.text
        look_at: list[tuple[Field, str, FindingDetail]] = []
        if unnamed:
            look_at.append(("agency", "agency_missing", {"reason": "task"}))
        if unproven:
            look_at.append(("evidence", "evidence_missing", {}))
        return CheckedRow(
            "tasks",
            self._layout.tab.name,
            row.number,
            identity.hash_accepted(),
            report.agency,
            None,
            report=report,
            warnings=tuple(make_finding(self._layout, row, *one) for one in look_at),
        )

    def _find_reporter(self, cell: Cell, task: Task | None) -> CellReading[str]:
        if cell.kind != "empty":
            return self._vocabulary.agencies[cell]
        lead = None if task is None else self._vocabulary.find_single_lead(task)
        return CellReading(lead or "", lead)


def _find_rejections(
    task: CellReading[Task],
    agency: CellReading[str],
    status: CellReading[ReportedStatus],
    day: CellReading[date],
) -> list[CellRejection]:
    wrong = []
    if task.code:
        wrong.append(CellRejection("task", task.code, task.detail))
    if agency.code:
        wrong.append(CellRejection("agency", agency.code, agency.detail))
    if status.code:
        wrong.append(CellRejection("status", status.code, status.detail))
    if day.code and (day.code != "date_missing" or status.value == "done"):
        wrong.append(CellRejection("finished_on", day.code, day.detail))
    return wrong
