"""What judging a row of either tab has in common: picking its cells, telling what is wrong with them."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpis.checks.plan_vocabulary import FindingDetail
from kpis.checks.row_identity import RowIdentity
from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.layout import HEADERS, TabLayout
from kpis.sheet.model import Cell, CellFinding, CheckedRow, Field, RawRow


@dataclass(frozen=True, slots=True)
class CellRejection:
    """One cell's rejection: the field, the code, what fills its sentence."""

    field: Field
    code: str
    detail: FindingDetail = dataclasses.field(default_factory=dict)


class CellPicker:
    """The cells of a row that are read, in the order of the tab's fields, whatever order the sheet has."""

    def __init__(self, layout: TabLayout) -> None:
        # A column that the sheet lacks lies beyond every row.
        self._columns = [layout.columns.get(name, sys.maxsize) for name in HEADERS[layout.kind]]

    def pick(self, row: RawRow) -> list[Cell] | None:
        """One cell per field; None where all of them are empty."""
        cells = row.cells
        width = len(cells)
        picked = [cells[column] if column < width else EMPTY_CELL for column in self._columns]
        for cell in picked:
            if cell.kind != "empty":
                return picked
        return None


def find_formula_errors(text_cells: Mapping[Field, Cell]) -> list[CellRejection]:
    """formula_error for each cell of plain text that is one."""
    return [CellRejection(name, "formula_error") for name, cell in text_cells.items() if cell.kind == "error"]


def make_finding(
    layout: TabLayout, row: RawRow, field: Field, code: str, detail: FindingDetail | None = None
) -> CellFinding:
    """A finding on one cell of a row: its place, its header in this sheet and what it holds."""
    column = layout.columns.get(field)
    cell = EMPTY_CELL if column is None or column >= len(row.cells) else row.cells[column]
    return CellFinding(
        code, layout.get_cell_name(field, row.number), layout.headers.get(field), cell.text, detail or {}
    )


def make_rejected_row(
    layout: TabLayout, row: RawRow, identity: RowIdentity, rejections: Sequence[CellRejection]
) -> CheckedRow:
    """A rejected row: a later one of equal rows is that alone, else one finding per code.

    A code that several cells have is told on the first and names the others (`also`).
    """
    if identity.earlier_count:
        first: Field = next(iter(HEADERS[layout.kind]))
        rejections = [CellRejection(first, "duplicate_row", {"row": identity.first_row})]
    found: dict[str, CellFinding] = {}
    for one in rejections:
        before = found.get(one.code)
        if before is None:
            found[one.code] = make_finding(layout, row, one.field, one.code, one.detail)
            continue
        place = layout.get_cell_name(one.field, row.number) or one.field
        also = f"{before.detail['also']}, {place}" if "also" in before.detail else place
        found[one.code] = replace(before, detail={**before.detail, "also": also})
    return CheckedRow(
        tab=layout.kind,
        tab_name=layout.tab.name,
        number=row.number,
        row_hash=identity.hash_rejected(),
        agency=None,
        target=None,
        rejections=tuple(found.values()),
    )
