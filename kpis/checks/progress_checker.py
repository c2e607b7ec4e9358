"""Checks the rows of the tab "Tiến độ": each becomes an entry or a rejection (design.md §4)."""

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
from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CheckedRow, Entry, RawRow


@dataclass(slots=True)
class _RowReadings:
    """The readings of one row's cells; three cells of plain text are not read further."""

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
            # Who typed a row is no part of it; the empty place keeps the hash of rows without a name.
            make_text_key((self.content, self.evidence, EMPTY_CELL)),
        )


class ProgressChecker:
    """Checks one tab's rows in the sheet's order: of equal rows the first counts."""

    def __init__(self, layout: TabLayout, vocabulary: PlanVocabulary) -> None:
        self._layout, self._vocabulary = layout, vocabulary
        self._days = vocabulary.build_day_readings(date1904=layout.tab.date1904)
        self._picker = CellPicker(layout)
        self._identities = RowIdentities(layout.kind)
        self.future_days: set[date] = set()

    def read_key(self, row: RawRow) -> tuple[str, ...] | None:
        """Return the key of a row's identity, the texts last; None if all columns that we read are empty."""
        picked = self._picker.pick(row)
        return None if picked is None else self._read_cells(picked).key

    def check_row(self, row: RawRow) -> CheckedRow | None:
        """Return the checked row; None if all columns that we read are empty."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        readings = self._read_cells(picked)
        identity = self._identities.identify(readings.key, row.number)
        rejections = _find_rejections(readings)
        entry = None if identity.earlier_count or rejections else _make_entry(readings)
        if entry is None:
            if readings.day.code == "date_future" and readings.day.value is not None:
                self.future_days.add(readings.day.value)
            rejected = make_rejected_row(self._layout, row, identity, rejections)
            target = readings.target.value
            return replace(rejected, agency=readings.agency.value, target=target.id if target else None)
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
        vocabulary = self._vocabulary
        target = vocabulary.targets[target_cell]
        number: CellReading[int]
        if target.value is None and is_done(quantity):
            number = CellReading("1")  # accepted, because the unknown target may be a milestone
        elif target.value is not None and target.value.measure == "milestone":
            number = vocabulary.milestones[quantity]
        else:
            number = vocabulary.numbers[quantity]
        return _RowReadings(
            self._days[day], vocabulary.agencies[agency], target, number, vocabulary.numbers[total],
            total, content, evidence, entered_by,
        )  # fmt: skip


def _make_entry(readings: _RowReadings) -> Entry | None:
    """Return the row as an entry; None if a cell could not be read."""
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
    rejections: list[CellRejection] = []
    if readings.day.code:
        rejections.append(CellRejection("occurred_on", readings.day.code, readings.day.detail))
    if readings.agency.code:
        rejections.append(CellRejection("agency", readings.agency.code, readings.agency.detail))
    if readings.target.code:
        rejections.append(CellRejection("target", readings.target.code, readings.target.detail))
    if readings.quantity.code:
        rejections.append(CellRejection("quantity", readings.quantity.code, readings.quantity.detail))
    target = readings.target.value
    if target is None or target.measure == "ratio" or readings.total_cell.kind == "error":
        rejections += _find_total_rejections(readings, target)
    if "error" in (readings.content.kind, readings.evidence.kind, readings.entered_by.kind):
        rejections += find_formula_errors(
            {"content": readings.content, "evidence": readings.evidence, "entered_by": readings.entered_by}
        )
    return rejections


def _find_total_rejections(readings: _RowReadings, target: Target | None) -> list[CellRejection]:
    """Return what is wrong with `Tổng số` of a ratio, or of an unknown target, where it may be empty."""
    code = readings.total.code
    if code == "quantity_missing":
        return [] if target is None else [CellRejection("denominator", "denominator_missing")]
    if code:
        return [CellRejection("denominator", code, readings.total.detail)]
    numerator, denominator = readings.quantity.value, readings.total.value
    if numerator is not None and denominator is not None and numerator > denominator:
        return [CellRejection("quantity", "numerator_exceeds_denominator", {"total": denominator})]
    return []
