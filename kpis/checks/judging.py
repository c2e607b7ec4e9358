"""What judging a row of either tab has in common: picking its cells, telling what is wrong with them."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpis.checks.identity import Identity
from kpis.checks.known import Detail
from kpis.sheet.cells import EMPTY
from kpis.sheet.layout import HEADERS, Layout
from kpis.sheet.model import Cell, CheckedRow, Field, Finding, RawRow


@dataclass(frozen=True, slots=True)
class Wrong:
    """One cell's rejection: the field, the code, what fills its sentence."""

    field: Field
    code: str
    detail: Detail = dataclasses.field(default_factory=dict)


class Picker:
    """The cells of a row that are read, in the order of the tab's fields, whatever order the sheet has."""

    def __init__(self, layout: Layout) -> None:
        # A column that the sheet lacks lies beyond every row.
        self._columns = [layout.columns.get(name, sys.maxsize) for name in HEADERS[layout.kind]]

    def pick(self, row: RawRow) -> list[Cell] | None:
        """One cell per field; None where all of them are empty."""
        cells = row.cells
        width = len(cells)
        picked = [cells[column] if column < width else EMPTY for column in self._columns]
        for cell in picked:
            if cell.kind != "empty":
                return picked
        return None


def errors_in(texts: Mapping[Field, Cell]) -> list[Wrong]:
    """formula_error for each cell of plain text that is one."""
    return [Wrong(name, "formula_error") for name, cell in texts.items() if cell.kind == "error"]


def finding(layout: Layout, row: RawRow, name: Field, code: str, detail: Detail | None = None) -> Finding:
    """A finding on one cell of a row: its place, its header in this sheet and what it holds."""
    column = layout.columns.get(name)
    cell = EMPTY if column is None or column >= len(row.cells) else row.cells[column]
    return Finding(code, layout.place(name, row.number), layout.headers.get(name), cell.text, detail or {})


def rejected(layout: Layout, row: RawRow, identity: Identity, wrong: Sequence[Wrong]) -> CheckedRow:
    """A rejected row: a later one of equal rows is that alone, else one finding per code.

    A code that several cells have is told on the first and names the others (`also`).
    """
    if identity.earlier:
        first: Field = next(iter(HEADERS[layout.kind]))
        wrong = [Wrong(first, "duplicate_row", {"row": identity.first})]
    found: dict[str, Finding] = {}
    for one in wrong:
        before = found.get(one.code)
        if before is None:
            found[one.code] = finding(layout, row, one.field, one.code, one.detail)
            continue
        place = layout.place(one.field, row.number) or one.field
        also = f"{before.detail['also']}, {place}" if "also" in before.detail else place
        found[one.code] = replace(before, detail={**before.detail, "also": also})
    return CheckedRow(
        tab=layout.kind,
        tab_name=layout.tab.name,
        number=row.number,
        row_hash=identity.rejected(),
        agency=None,
        target=None,
        rejections=tuple(found.values()),
    )
