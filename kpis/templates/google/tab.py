"""The current state of a tab in a Google Sheet: cells, header, rules, protection (design.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpis.errors import UsageError
from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.tab_headers import HEADERS, MAX_HEADER_ROWS, REQUIRED_FIELDS, TabKind
from kpis.sources.google.cell_parser import parse_cell
from kpis.sources.google.client import Json
from kpis.sources.google.column_tags import list_tags
from kpis.templates.plan_sheet import TemplateColumn

_MIN_HEADER_FIELDS = 2
"""Known headers that make a row the header row; a single one may be a title such as “Nhiệm vụ”."""


@dataclass
class GoogleTab:
    """One tab: cells (CellData) by row and column from 0, the size of its grid, its protected ranges."""

    id: int
    title: str
    row_count: int
    column_count: int
    cells: Sequence[Sequence[Json]] = ()
    protected_ranges: Sequence[Json] = ()
    frozen_rows: int = 0
    tagged_columns: frozenset[int] = frozenset()
    is_new: bool = False
    header_row: int = 0
    columns_by_header: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True if nobody has typed anything into the tab."""
        return not any(read_cell_text(cell) for row in self.cells for cell in row)

    @property
    def first_free_column(self) -> int:
        """The first column to the right of everything that was typed."""
        ends = (end for row in self.cells for end, cell in enumerate(row, 1) if read_cell_text(cell))
        return max(ends, default=0)

    @property
    def has_rows(self) -> bool:
        """True if anything was typed below the header."""
        return any(read_cell_text(cell) for row in self.cells[self.header_row + 1 :] for cell in row)

    def list_rules(self, column: int) -> Iterator[Json | None]:
        """Yield the rule of each cell of a column below the header, down to the end of the grid."""
        for number in range(self.header_row + 1, self.row_count):
            row = self.cells[number] if number < len(self.cells) else ()
            yield row[column].get("dataValidation") if column < len(row) else None

    def find_protected_range(self, column: int) -> Json | None:
        """Return the protected range that covers a column from its header down, None if there is none."""
        for protection in self.protected_ranges:
            area = protection.get("range", {})
            covers_rows = area.get("startRowIndex", 0) <= self.header_row + 1 and "endRowIndex" not in area
            first, end = area.get("startColumnIndex", 0), area.get("endColumnIndex", self.column_count)
            if covers_rows and first <= column < end and not protection.get("warningOnly"):
                return protection
        return None


def parse_tab(sheet: Mapping[str, Any]) -> GoogleTab:
    """Return the tab of a Sheet resource."""
    properties = sheet.get("properties", {})
    grid = properties.get("gridProperties", {})
    cells: list[Sequence[Json]] = []
    for data in sheet.get("data", ()):
        cells += [row.get("values", ()) for row in data.get("rowData", ())]
    return GoogleTab(
        int(properties.get("sheetId", 0)),
        str(properties.get("title", "")),
        int(grid.get("rowCount", 0)),
        int(grid.get("columnCount", 0)),
        cells,
        list(sheet.get("protectedRanges", ())),
        int(grid.get("frozenRowCount", 0)),
        frozenset(tag.column for tag in list_tags(sheet)),
    )


def read_cell_text(cell: Mapping[str, Any]) -> str:
    """Return the content of a cell as text, "" for an empty one."""
    return parse_cell(cell).text


def find_header(tab: GoogleTab, kind: TabKind, columns: Sequence[TemplateColumn]) -> None:
    """Set the header row of a tab and its columns by header; an empty tab keeps the first row.

    UsageError if the tab has rows but no known header, since nothing may be written among them.
    """
    if tab.is_empty:
        return
    candidates = [
        (_match_headers(row, kind, columns), number) for number, row in enumerate(tab.cells[:MAX_HEADER_ROWS])
    ]
    columns_by_header, number = max(candidates, key=lambda candidate: len(candidate[0]), default=({}, 0))
    if len(columns_by_header) < _MIN_HEADER_FIELDS:
        needed = ", ".join(HEADERS[kind][name][0] for name in REQUIRED_FIELDS[kind])
        raise UsageError(
            "The tab “{tab}” has rows, but no known header: {columns}. Type the header above them, or rename "
            "the tab. Nothing was changed.",
            tab=tab.title,
            columns=needed,
        )
    tab.header_row, tab.columns_by_header = number, columns_by_header


def _match_headers(row: Sequence[Json], kind: TabKind, columns: Sequence[TemplateColumn]) -> dict[str, int]:
    """Return the standard headers that a row holds under any accepted name, with their column."""
    headers_by_name = {
        fold_to_alphanumeric(name): column.header
        for column in columns
        for name in list_header_names(column.header, kind)
    }
    columns_by_header: dict[str, int] = {}
    for index, cell in enumerate(row):
        header = headers_by_name.get(fold_to_alphanumeric(read_cell_text(cell)))
        if header is not None:
            columns_by_header.setdefault(header, index)
    return columns_by_header


def list_header_names(header: str, kind: TabKind) -> tuple[str, ...]:
    """Return every accepted name of a column."""
    for names in HEADERS[kind].values():
        if names[0] == header:
            return names
    return (header,)


def is_same_rule(rule: Json | None, other_rule: Json) -> bool:
    """True if two rules are equal, ignoring how Google rewrites days and ranges."""
    return rule is not None and _normalize_rule(rule) == _normalize_rule(other_rule)


def _normalize_rule(rule: Json) -> tuple[object, ...]:
    condition = rule.get("condition", {})
    values = tuple(_normalize_value(str(value.get("userEnteredValue", ""))) for value in condition.get("values", ()))
    return condition.get("type"), values, bool(rule.get("strict")), bool(rule.get("showCustomUi"))


def _normalize_value(text: str) -> str:
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    return re.sub(r"[=$' ]", "", text).upper()
