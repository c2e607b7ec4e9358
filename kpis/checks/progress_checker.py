"""Judges the rows of the tab "Tiến độ": each an entry, with warnings or not, or a rejection (§4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kpis.checks.plan_vocabulary import CellReading, PlanVocabulary
from kpis.checks.quantities import is_done
from kpis.checks.row_findings import (
    CellPicker,
    CellRejection,
    find_formula_errors,
    make_finding,
    make_rejected_row,
)
from kpis.checks.row_identity import RowIdentities, make_text_key
from kpis.register.model import Target
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CheckedRow, Entry, RawRow


@dataclass(slots=True)
class _RowReadings:
    """One row's cells as they were read."""

    day: CellReading[date]
    agency: CellReading[str]
    target: CellReading[Target]
    quantity: CellReading[int]
    total: CellReading[int]
    total_cell: Cell
    content: Cell
    evidence: Cell
    entered_by: Cell

    @property
    def key(self) -> tuple[str, ...]:
        return (
            self.day.key,
            self.agency.key,
            self.target.key,
            self.quantity.key,
            self.total.key,
            make_text_key((self.content, self.evidence, self.entered_by)),
        )


class ProgressChecker:
    """Judges one tab's rows in the sheet's order: the first of equal rows is the one that counts."""

    def __init__(self, layout: TabLayout, vocabulary: PlanVocabulary) -> None:
        self._layout, self._vocabulary = layout, vocabulary
        self._days = vocabulary.build_day_readings(date1904=layout.tab.date1904)
        self._picker = CellPicker(layout)
        self._identities = RowIdentities(layout.kind)
        self.future_days: set[date] = set()

    def check_row(self, row: RawRow) -> CheckedRow | None:
        """The row's outcome; None where every column that is read is empty."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        read = self._read_cells(picked)
        identity = self._identities.identify(read.key, row.number)
        wrong = _find_rejections(read)
        entry = None if identity.earlier_count or wrong else _make_entry(read)
        if entry is None:
            if read.day.code == "date_future" and read.day.value is not None:
                self.future_days.add(read.day.value)
            judged = make_rejected_row(self._layout, row, identity, wrong)
            target = read.target.value
            return replace(judged, agency=read.agency.value, target=target.id if target else None)
        warnings = (
            () if entry.evidence else (make_finding(self._layout, row, "evidence", "evidence_missing"),)
        )
        return CheckedRow(
            "progress",
            self._layout.tab.name,
            row.number,
            identity.hash_accepted(),
            entry.agency,
            entry.target,
            entry=entry,
            warnings=warnings,
        )

    def _read_cells(self, cells: list[Cell]) -> _RowReadings:
        day, agency, target_cell, quantity, total, content, evidence, entered_by = cells
        known = self._vocabulary
        target = known.targets[target_cell]
        number: CellReading[int]
        if target.value is None and is_done(quantity):
            number = CellReading("1")  # right for a milestone: whether it is one is not known
        elif target.value is not None and target.value.measure == "milestone":
            number = known.milestones[quantity]
        else:
            number = known.numbers[quantity]
        return _RowReadings(
            self._days[day], known.agencies[agency], target, number, known.numbers[total],
            total, content, evidence, entered_by,
        )  # fmt: skip


def _make_entry(readings: _RowReadings) -> Entry | None:
    """What the row says, where every cell could be read."""
    day, agency, target, quantity = (
        readings.day.value,
        readings.agency.value,
        readings.target.value,
        readings.quantity.value,
    )
    if day is None or agency is None or target is None or quantity is None:
        return None
    return Entry(
        target.id,
        agency,
        day,
        quantity,
        readings.total.value if target.measure == "ratio" else None,
        readings.content.text or None,
        readings.evidence.text or None,
        readings.entered_by.text or None,
    )


def _find_rejections(readings: _RowReadings) -> list[CellRejection]:
    wrong: list[CellRejection] = []
    if readings.day.code:
        wrong.append(CellRejection("occurred_on", readings.day.code, readings.day.detail))
    if readings.agency.code:
        wrong.append(CellRejection("agency", readings.agency.code, readings.agency.detail))
    if readings.target.code:
        wrong.append(CellRejection("target", readings.target.code, readings.target.detail))
    if readings.quantity.code:
        wrong.append(CellRejection("quantity", readings.quantity.code, readings.quantity.detail))
    target = readings.target.value
    if target is None or target.measure == "ratio" or readings.total_cell.kind == "error":
        wrong += _find_total_rejections(readings, target)
    if "error" in (readings.content.kind, readings.evidence.kind, readings.entered_by.kind):
        wrong += find_formula_errors(
            {"content": readings.content, "evidence": readings.evidence, "entered_by": readings.entered_by}
        )
    return wrong


def _find_total_rejections(readings: _RowReadings, target: Target | None) -> list[CellRejection]:
    """What is wrong with `Tổng số`: of a ratio, or of a target that is not known, where it may be empty."""
    code = readings.total.code
    if code == "quantity_missing":
        return [] if target is None else [CellRejection("denominator", "denominator_missing")]
    if code:
        return [CellRejection("denominator", code, readings.total.detail)]
    numerator, denominator = readings.quantity.value, readings.total.value
    if numerator is not None and denominator is not None and numerator > denominator:
        return [CellRejection("quantity", "numerator_exceeds_denominator", {"total": denominator})]
    return []
