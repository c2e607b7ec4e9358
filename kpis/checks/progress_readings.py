"""What the cells of one row of the tab "Tiến độ" say, and why the row is rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kpis.checks.cell_readings import CellReading
from kpis.checks.row_findings import CellRejection, find_formula_errors
from kpis.checks.row_identity import make_text_key, to_comparable_evidence
from kpis.checks.settlements import list_key_parts
from kpis.register.model import Target
from kpis.sheet.model import Cell, Field


@dataclass(slots=True)
class ProgressReadings:
    """The readings of one row's cells; the cells of plain text are not read further."""

    day: CellReading[date]
    agency: CellReading[str]
    target: CellReading[Target]
    quantity: CellReading[Any]
    total: CellReading[int]
    total_cell: Cell
    content: Cell
    evidence: Cell
    entered_by: Cell
    confirmed: Cell
    shared_event: Cell

    @property
    def key(self) -> tuple[str, ...]:
        """The parts of the row's identity.

        Xác nhận is none of them unless it is an error, Sự kiện chung only where it names an event.
        """
        return (
            self.day.key,
            self.agency.key,
            self.target.key,
            self.quantity.key,
            self.total.key,
            # Who typed a row is no part of it; the empty place keeps the hash of rows without a name.
            make_text_key((self.content.text, to_comparable_evidence(self.evidence.text), "")),
            *list_key_parts(self.confirmed, self.shared_event),
        )

    @property
    def by_field(self) -> dict[Field, CellReading[Any]]:
        """The readings of the cells that are read further."""
        return {
            "occurred_on": self.day,
            "agency": self.agency,
            "target": self.target,
            "quantity": self.quantity,
            "denominator": self.total,
        }

    @property
    def readable(self) -> frozenset[Field]:
        """The fields whose cells could be read; a text that means several targets is known too."""
        return frozenset(
            name
            for name, reading in self.by_field.items()
            if reading.value is not None or reading.code == "target_ambiguous"
        )


def find_rejections(readings: ProgressReadings) -> list[CellRejection]:
    """Return what is wrong with the cells of a row."""
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
    if target is not None and target.ended_on and readings.day.value and readings.day.value >= target.ended_on:
        day = target.ended_on.strftime("%d/%m/%Y")
        rejections.append(CellRejection("target", "target_ended", {"day": day}))
    if target is not None and target.measure == "carried" and readings.content.kind == "empty":
        rejections.append(CellRejection("content", "content_missing"))
    if target is None or target.measure == "ratio" or readings.total_cell.kind == "error":
        rejections += _find_total_rejections(readings, target)
    text_cells = (
        readings.content, readings.evidence, readings.entered_by, readings.confirmed, readings.shared_event,
    )  # fmt: skip
    if all(cell.kind != "error" for cell in text_cells):
        return rejections
    names: tuple[Field, ...] = ("content", "evidence", "entered_by", "confirmed", "shared_event")
    return rejections + find_formula_errors(dict(zip(names, text_cells, strict=True)))


def _find_total_rejections(readings: ProgressReadings, target: Target | None) -> list[CellRejection]:
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
