"""What is read of one cell, and the cells that are read without the register.

A `CellReading` holds the value, or the rejection code and the values for its sentence; its `key` is the
cell's part of the row's identity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from kpis.checks.quantities import InvalidNumber, is_done, read_amount, read_milestone, read_quantity
from kpis.checks.reported_status import ReportedStatus, read_status
from kpis.checks.row_identity import make_unread_key
from kpis.language.old_fonts import find_old_font
from kpis.sheet.model import Cell

T = TypeVar("T")
FindingDetail = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class CellReading(Generic[T]):
    """The result of reading one cell: `value`, or the rejection `code`; a day may have both."""

    key: str
    value: T | None = None
    code: str | None = None
    detail: FindingDetail = field(default_factory=dict)


class CellReadings(dict[Cell, CellReading[T]]):
    """Readings by cell; each is made on first use."""

    def __init__(self, read: Callable[[Cell], CellReading[T]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> CellReading[T]:
        reading = self[cell] = self._read(cell)
        return reading


def read_status_cell(cell: Cell) -> CellReading[ReportedStatus]:
    """Return the status that a cell of a task report names."""
    if code := find_text_problem(cell, "status"):
        return make_unread(cell, code)
    if detail := find_look_problem(cell):
        return make_unread(cell, "status_unknown", detail)
    status = read_status(cell.text)
    return make_unread(cell, "status_unknown") if status is None else CellReading(status, status)


def read_number_cell(cell: Cell) -> CellReading[int]:
    """Return the whole number of a cell."""
    return _make_quantity_reading(cell, read_quantity(cell))


def read_amount_cell(cell: Cell) -> CellReading[Decimal]:
    """Return the number of a cell, which may have decimals."""
    number = read_amount(cell)
    if isinstance(number, InvalidNumber):
        return make_unread(cell, *_explain_number(cell, number))
    return CellReading(f"{number:f}", number)


def read_carried_cell(cell: Cell) -> CellReading[Decimal]:
    """Read a number that may be left out: what was done is said in words."""
    return CellReading("") if cell.kind == "empty" else read_amount_cell(cell)


def read_milestone_cell(cell: Cell) -> CellReading[int]:
    """Return 1 (done) or 0 (not done), as a cell says of a milestone."""
    return _make_quantity_reading(cell, read_milestone(cell))


def _make_quantity_reading(cell: Cell, number: int | InvalidNumber) -> CellReading[int]:
    if isinstance(number, InvalidNumber):
        return make_unread(cell, *_explain_number(cell, number))
    return CellReading(str(number), number)


def _explain_number(cell: Cell, number: InvalidNumber) -> tuple[str, FindingDetail]:
    """Return the rejection code of a number that cannot be read, and the values for its sentence."""
    reason = "done" if is_done(cell) and number.reason != "marked" else number.reason
    detail: dict[str, str | int] = {"reason": reason} if reason else {}
    if cell.shown_text is not None:
        detail["shown"] = cell.shown_text
    return format_code("quantity", number.problem), detail


def find_text_problem(cell: Cell, name: str) -> str | None:
    """Return the rejection code of a cell that holds no text, else None."""
    if cell.kind == "empty":
        return f"{name}_missing"
    return "formula_error" if cell.kind == "error" else None


def find_look_problem(cell: Cell) -> FindingDetail:
    """Return why a text must not be read as it stands: part of it is marked, or its font is old; else {}."""
    if cell.has_marked_runs:
        return {"reason": "marked"}
    font = find_old_font(cell.text)
    return {"reason": "old_font", "font": font} if font else {}


def format_code(name: str, problem: str) -> str:
    """Return the rejection code of a problem in a named field."""
    return problem if problem == "formula_error" else f"{name}_{problem}"


def make_unread(cell: Cell, code: str, detail: FindingDetail | None = None) -> CellReading[T]:
    """Return the reading of a cell whose value is rejected."""
    return CellReading(make_unread_key(cell.text), None, code, detail or {})
