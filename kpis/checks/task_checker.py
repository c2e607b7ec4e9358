"""Checks the rows of the tab "Nhiệm vụ": each becomes a report on a task or a rejection (design.md §4).

Where the design leaves it open: a row that names no agency is the report of the task's lead if one agency
leads alone, else a report without an agency; if the reports of several agencies decide, it gets the warning
agency_missing. Evidence is required only once the status is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kpis.checks.cell_readings import CellReading, FindingDetail
from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.reported_status import ReportedStatus
from kpis.checks.row_findings import (
    CellPicker,
    CellRejection,
    find_formula_errors,
    make_finding,
    make_rejected_row,
)
from kpis.checks.row_identity import RowIdentities, make_text_key
from kpis.checks.second_columns import ReadCell, find_disagreements, list_other_keys
from kpis.checks.set_aside import build_set_aside_row, find_reason
from kpis.register.model import Task
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CheckedRow, Field, RawRow, SetAsideRow, TaskReport
from kpis.sheet.tab_headers import HEADERS


class TaskChecker:
    """Checks one tab's rows in the sheet's order: of equal rows the first counts."""

    def __init__(self, layout: TabLayout, vocabulary: PlanVocabulary, identities: RowIdentities | None = None) -> None:
        self._layout, self._vocabulary = layout, vocabulary
        self._days = vocabulary.build_day_readings(date1904=layout.tab.date1904)
        self._picker = CellPicker(layout)
        self._identities = identities or RowIdentities(layout.kind)
        self.future_days: set[date] = set()

    def check_row(self, row: RawRow) -> CheckedRow | SetAsideRow | None:
        """Return the checked row, or that it is no data; None if it fills only Mã, Nhiệm vụ or Cơ quan."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        task_cell, title, agency_cell, status_cell, day_cell, result, evidence, difficulty = picked
        if all(cell.kind == "empty" for cell in (status_cell, day_cell, result, evidence, difficulty)):
            return None
        vocabulary = self._vocabulary
        day = self._days[day_cell]
        task, status = vocabulary.read_task(task_cell, day.value, title.text), vocabulary.statuses[status_cell]
        agency = self._find_reporter(agency_cell, task.value, day.value)
        texts = make_text_key(cell.text for cell in (title, result, evidence, difficulty))
        key: tuple[str, ...] = (task.key, agency.key, status.key, day.key, texts)
        rejections = _find_rejections(task, agency, status, day)
        rejections += find_formula_errors(
            {"task_title": title, "result": result, "evidence": evidence, "difficulty": difficulty}
        )
        readings: dict[Field, CellReading[Any]] = {
            "task": task,
            "agency": agency,
            "status": status,
            "finished_on": day,
        }
        if self._layout.other_columns:
            rejections = self._find_disagreements(row, readings, rejections, day.value)
            key += list_other_keys(rejections)
        identity = self._identities.identify(key, row.number, self._layout.tab.name)
        if rejections:
            cells = dict(zip(HEADERS["tasks"], picked, strict=True))
            readable = frozenset(name for name, reading in readings.items() if reading.value is not None)
            if misplaced := self._find_misplaced_target(cells, task):
                rejections = [misplaced]
            elif reason := find_reason(self._layout, row, cells, readable):
                return build_set_aside_row(self._layout, row, identity, reason)
        if identity.earlier_count or rejections or task.value is None or status.value is None:
            if day.code == "date_future" and day.value is not None:
                self.future_days.add(day.value)
            return replace(make_rejected_row(self._layout, row, identity, rejections), agency=agency.value)
        report = TaskReport(
            task.value.id,
            agency.value,
            status.value,
            day.value,
            result.text or None,
            evidence.text or None,
            difficulty.text or None,
        )
        warnings: list[tuple[Field, str, FindingDetail]] = []
        deciding = vocabulary.find_deciding_agencies(task.value, day.value or vocabulary.today)
        if report.agency is None and len(deciding) > 1:
            warnings.append(("agency", "agency_missing", {"reason": "task"}))
        if status.value == "done" and not evidence.text:
            warnings.append(("evidence", "evidence_missing", {}))
        return CheckedRow(
            "tasks",
            self._layout.tab.name,
            row.number,
            identity.hash_accepted(),
            report.agency,
            None,
            report=report,
            warnings=tuple(make_finding(self._layout, row, *warning) for warning in warnings),
        )

    def _find_disagreements(
        self,
        row: RawRow,
        readings: Mapping[Field, CellReading[Any]],
        rejections: list[CellRejection],
        day: date | None,
    ) -> list[CellRejection]:
        vocabulary = self._vocabulary
        read_cells: dict[Field, ReadCell] = {
            "task": lambda cell: vocabulary.read_task(cell, day),
            "agency": vocabulary.agencies.__getitem__,
            "status": vocabulary.statuses.__getitem__,
            "finished_on": self._days.__getitem__,
        }
        return find_disagreements(self._layout, row, readings, read_cells, rejections)

    def _find_misplaced_target(self, cells: Mapping[Field, Cell], task: CellReading[Task]) -> CellRejection | None:
        """Return the only rejection of a row that reports on a target and belongs on the other tab."""
        if task.value is not None:
            return None
        for name in ("task", "task_title", "agency"):
            if self._vocabulary.read_target(cells[name], None).value is not None:
                return CellRejection(name, "task_unknown", {"reason": "target"})
        return None

    def _find_reporter(self, cell: Cell, task: Task | None, day: date | None) -> CellReading[str]:
        if cell.kind != "empty":
            return self._vocabulary.agencies[cell]
        return CellReading("") if task is None else self._vocabulary.read_lead(task.id, day)


def _find_rejections(
    task: CellReading[Task],
    agency: CellReading[str],
    status: CellReading[ReportedStatus],
    day: CellReading[date],
) -> list[CellRejection]:
    rejections = []
    if task.code:
        rejections.append(CellRejection("task", task.code, task.detail))
    if agency.code:
        rejections.append(CellRejection("agency", agency.code, agency.detail))
    if status.code:
        rejections.append(CellRejection("status", status.code, status.detail))
    if day.code and (day.code != "date_missing" or status.value == "done"):
        rejections.append(CellRejection("finished_on", day.code, day.detail))
    return rejections
