"""A tab as the Sheets API gives it, as a raw tab: id, title, and the rows that hold anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.model import RawRow, RawTab
from kpis.sources.bounds import MAX_COLUMNS
from kpis.sources.google.cell_parser import parse_cell
from kpis.sources.google.client import Json


def parse_tab(name: str, sheet: Json) -> RawTab:
    """Return a Sheet resource as a raw tab of this name."""
    title = get_title(sheet)
    return RawTab(
        name,
        parse_rows(sheet),
        is_hidden=get_properties(sheet).get("hidden") is True,
        merged=tuple(
            (merge.get("startRowIndex", 0) + 1, merge.get("startColumnIndex", 0) + 1,
             merge.get("endRowIndex", 0), merge.get("endColumnIndex", 0))
            for merge in sheet.get("merges", ())
        ),
        has_outer_spaces=title != title.strip(),
    )  # fmt: skip


def parse_rows(sheet: Json) -> tuple[RawRow, ...]:
    """Return the rows that hold anything, with the sheet's row numbers; cells hidden by a merge are empty."""
    hidden = _find_merged_columns(sheet.get("merges", ()))
    title = get_title(sheet)
    rows: list[RawRow] = []
    for grid in sheet.get("data", ()):
        left = [EMPTY_CELL] * grid.get("startColumn", 0)
        for number, row in enumerate(grid.get("rowData", ()), grid.get("startRow", 0) + 1):
            row_cells = left + [
                parse_cell(data, column, title)
                for column, data in enumerate(row.get("values", ())[:MAX_COLUMNS], len(left) + 1)
            ]
            for first, last in hidden.get(number, ()) if hidden else ():
                row_cells[first:last] = [EMPTY_CELL] * len(row_cells[first:last])
            while row_cells and row_cells[-1] is EMPTY_CELL:
                row_cells.pop()
            if row_cells:
                rows.append(RawRow(number, tuple(row_cells)))
    return tuple(rows)


def _find_merged_columns(merges: Iterable[Mapping[str, int]]) -> dict[int, list[tuple[int, int]]]:
    """Return the columns hidden by merged cells, per row number: (first, end) from 0, end exclusive."""
    hidden: dict[int, list[tuple[int, int]]] = {}
    for merge in merges:
        top, left = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
        for row in range(top, merge.get("endRowIndex", top)):
            columns = (left + (row == top), merge.get("endColumnIndex", left))
            hidden.setdefault(row + 1, []).append(columns)
    return hidden


def get_properties(sheet: Json) -> Json:
    """Return the properties of a tab; empty where the answer left them out."""
    return dict(sheet.get("properties", {}))


def get_id(sheet: Json) -> int:
    """Return the id of a tab: 0 is that of the first, which Google leaves out."""
    return int(get_properties(sheet).get("sheetId", 0))


def get_title(sheet: Json) -> str:
    """Return the title of a tab as people see it."""
    return str(get_properties(sheet).get("title", ""))
