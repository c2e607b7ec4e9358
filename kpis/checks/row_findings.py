"""What the checkers of both tabs share: picking a row's cells and building findings and rejected rows."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpis.checks.cell_readings import FindingDetail
from kpis.checks.row_identity import RowIdentity
from kpis.checks.settlements import is_unticked
from kpis.sheet.cells import EMPTY_CELL, format_cell_name
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CellFinding, CheckedRow, Field, RawRow
from kpis.sheet.tab_headers import HEADERS, TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class CellRejection:
    """The rejection of one cell: field, code, values for the placeholders of its sentence."""

    field: Field
    code: str
    detail: FindingDetail = dataclasses.field(default_factory=dict)


class CellPicker:
    """Picks the cells that we read from a row, in the order of the tab's fields, not of its columns."""

    def __init__(self, layout: TabLayout) -> None:
        # A column that the sheet lacks gets an index beyond the end of every row.
        fields = list(HEADERS[layout.kind])
        self._columns = [layout.columns.get(name, sys.maxsize) for name in fields]
        self._fields = tuple(fields)
        self._further_texts = [
            (fields.index(other.field), other.column) for other in layout.other_columns if other.field in TEXT_FIELDS
        ]

    def pick(self, row: RawRow) -> list[Cell] | None:
        """Return one cell per field, an empty tick box as an empty cell; None if all of them are empty."""
        cells = row.cells
        width = len(cells)
        picked = [cells[column] if column < width else EMPTY_CELL for column in self._columns]
        for at, column in self._further_texts:
            if is_empty(picked[at]) and column < width:
                picked[at] = cells[column]
        is_filled = has_struck = False
        for at, cell in enumerate(picked):
            if cell.kind == "empty":
                continue
            if is_unticked(cell):
                picked[at] = EMPTY_CELL
            else:
                is_filled = True
                has_struck |= cell.is_struck
        if not is_filled:
            return None
        return self._mark_struck(picked) if has_struck else picked

    def _mark_struck(self, cells: list[Cell]) -> list[Cell]:
        """Mark single struck cells; a row whose every filled cell but `Xác nhận` is struck is left as it is."""
        counted = [cell for cell, field in zip(cells, self._fields, strict=True) if field != "confirmed"]
        struck = sum(cell.is_struck for cell in counted)
        if not struck or struck == sum(cell.kind != "empty" for cell in counted):
            return cells
        return [replace(cell, has_marked_runs=True) if cell.is_struck else cell for cell in cells]


def is_empty(cell: Cell) -> bool:
    """True if a cell is empty or an empty tick box."""
    return cell.kind == "empty" or is_unticked(cell)


def find_formula_errors(text_cells: Mapping[Field, Cell]) -> list[CellRejection]:
    """Return a formula_error for each of these cells of plain text that holds an error."""
    return [CellRejection(name, "formula_error") for name, cell in text_cells.items() if cell.kind == "error"]


def make_finding(
    layout: TabLayout, row: RawRow, field: Field, code: str, detail: FindingDetail | None = None
) -> CellFinding:
    """Build a finding on one cell of a row, with its name (D12), its header in this sheet and its text."""
    column, header = layout.columns.get(field), layout.headers.get(field)
    if code.endswith("_missing") and column is not None:
        detail = {**(detail or {}), **_describe_merge(layout, row.number, column)}
    cell = EMPTY_CELL if column is None else get_cell(row, column)
    if is_empty(cell) and field in TEXT_FIELDS:
        for other in layout.other_columns:
            if other.field == field and not is_empty(get_cell(row, other.column)):
                column, header, cell = other.column, other.header, get_cell(row, other.column)
                break
    name = None if column is None else format_cell_name(column, row.number)
    return CellFinding(code, name, header, cell.text, detail or {})


def get_cell(row: RawRow, column: int) -> Cell:
    """Return the cell of a row in a column counted from 0; empty beyond its end."""
    return row.cells[column] if column < len(row.cells) else EMPTY_CELL


def _describe_merge(layout: TabLayout, row: int, column: int) -> FindingDetail:
    """Return the first cell of the merged area that hides a cell, and on which side it is; {} if there is none."""
    for top, left, bottom, right in layout.tab.merged:
        is_inside = top <= row <= bottom and left <= column + 1 <= right
        if is_inside and top > layout.header_row and (top, left) != (row, column + 1):
            return {"reason": "merged" if top < row else "merged_left", "above": format_cell_name(left - 1, top)}
    return {}


def make_rejected_row(
    layout: TabLayout, row: RawRow, identity: RowIdentity, rejections: Sequence[CellRejection]
) -> CheckedRow:
    """Build a rejected row: a repeated row with duplicate_row only, others with one finding per code.

    A code that applies to several cells is reported on the first; `detail["also"]` names the others.
    """
    if identity.earlier_count:
        first: Field = next(iter(HEADERS[layout.kind]))
        detail: dict[str, str | int] = {"row": identity.first_row}
        if identity.first_tab not in ("", layout.tab.name):
            detail |= {"reason": "tab", "tab": identity.first_tab}
        rejections = [CellRejection(first, "duplicate_row", detail)]
    by_code: dict[str, CellFinding] = {}
    for rejection in rejections:
        finding = by_code.get(rejection.code)
        if finding is None:
            by_code[rejection.code] = make_finding(layout, row, rejection.field, rejection.code, rejection.detail)
            continue
        cell = layout.get_cell_name(rejection.field, row.number) or rejection.field
        if rejection.code == "columns_disagree":
            cell = f"{cell} ≠ {rejection.detail['other_cell']}"
        also = f"{finding.detail['also']}, {cell}" if "also" in finding.detail else cell
        by_code[rejection.code] = replace(finding, detail={**finding.detail, "also": also})
    return CheckedRow(
        tab=layout.kind,
        tab_name=layout.tab.name,
        number=row.number,
        row_hash=identity.hash_rejected(),
        agency=None,
        target=None,
        rejections=tuple(by_code.values()),
    )
