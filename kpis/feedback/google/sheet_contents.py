"""What a Google Sheet holds at one look: the typed value of every cell, and the tagged columns.

Unlike the rows that the checks read, the values are complete and include formulas: they are what is put back
where a write has replaced something of a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kpis.feedback.cell_changes import is_feedback_header
from kpis.sheet.tab_headers import MAX_HEADER_ROWS
from kpis.sources.google.column_tags import ColumnTag, list_tags

TypedValue = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as typed, with its sign of equality."""

    text: str


CellContent = TypedValue | Formula


@dataclass(frozen=True)
class TabContents:
    """One tab: its cells by row number (from 1), each row from column 0, and its tagged columns."""

    id: int
    title: str
    rows: Mapping[int, tuple[CellContent, ...]]
    tags: tuple[ColumnTag, ...]

    def get_value(self, row: int, column: int) -> CellContent:
        """Return the content of a cell, None for an empty one."""
        cells = self.rows.get(row, ())
        return cells[column] if column < len(cells) else None

    def find_tagged_column(self, tag_id: int) -> int | None:
        """Return where the column with that tag is now, None if it was deleted."""
        return next((tag.column for tag in self.tags if tag.id == tag_id), None)

    def find_tag(self, column: int) -> int | None:
        """Return the tag of a column, None if it has none."""
        return next((tag.id for tag in self.tags if tag.column == column), None)

    def is_feedback_column(self, column: int) -> bool:
        """True if a column is headed `Phản hồi`, in any of the rows where a header may be."""
        values = (self.get_value(row, column) for row in range(1, MAX_HEADER_ROWS + 1))
        return any(isinstance(value, str) and is_feedback_header(value) for value in values)

    def has_feedback_column(self) -> bool:
        """True if any column is headed `Phản hồi`."""
        return any(map(self.is_feedback_column, range(max(map(len, self.rows.values()), default=0))))


def read_contents(spreadsheets: Iterable[Mapping[str, Any]]) -> dict[int, TabContents]:
    """Return the tabs by id; of a tab in several answers the last one counts."""
    return {
        tab.id: tab
        for spreadsheet in spreadsheets
        for sheet in spreadsheet.get("sheets", ())
        if "data" in sheet
        for tab in [_read_tab(sheet)]
    }


def _read_tab(sheet: Mapping[str, Any]) -> TabContents:
    properties = sheet.get("properties", {})
    rows: dict[int, tuple[CellContent, ...]] = {}
    for grid in sheet["data"]:
        left: tuple[CellContent, ...] = (None,) * grid.get("startColumn", 0)
        for number, row in enumerate(grid.get("rowData", ()), grid.get("startRow", 0) + 1):
            rows[number] = left + tuple(_read_cell(cell) for cell in row.get("values", ()))
    tab_id, title = int(properties.get("sheetId", 0)), str(properties.get("title", ""))
    return TabContents(tab_id, title, rows, tuple(list_tags(sheet)))


def _read_cell(cell: Mapping[str, Any]) -> CellContent:
    value = cell.get("userEnteredValue") or cell.get("effectiveValue") or {}
    if "formulaValue" in value:
        return Formula(value["formulaValue"])
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in value:
            content: TypedValue = value[kind]
            return content
    return None
