"""A tab of a Google Sheet as it stands, and what it still lacks to be filled in (design.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpis.errors import UsageError
from kpis.language.normalization import loose
from kpis.sheet.layout import HEADER_ROWS, HEADERS, REQUIRED, Kind
from kpis.sources.google.client import Json
from kpis.sources.google.read import cell_of
from kpis.templates.plan_sheet import Column

_FIELDS_NEEDED = 2
"""Known headers that make a row a header: one alone may be a title such as “Nhiệm vụ”."""


@dataclass
class Tab:
    """One tab: cells (CellData) by row and column from 0, the size of its grid, its protected ranges."""

    id: int
    title: str
    rows: int
    columns: int
    cells: Sequence[Sequence[Json]] = ()
    protected: Sequence[Json] = ()
    frozen: int = 0
    new: bool = False
    header: int = 0
    places: dict[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nobody has typed anything in it."""
        return not any(shown(cell) for row in self.cells for cell in row)

    @property
    def free_column(self) -> int:
        """The first column to the right of everything that was typed."""
        filled = (at for row in self.cells for at, cell in enumerate(row, 1) if shown(cell))
        return max(filled, default=0)

    @property
    def has_rows(self) -> bool:
        """Whether anything was typed below the header."""
        return any(shown(cell) for row in self.cells[self.header + 1 :] for cell in row)

    def rules(self, column: int) -> Iterator[Json | None]:
        """The rule of each cell of a column below the header, down to the end of the grid."""
        for number in range(self.header + 1, self.rows):
            row = self.cells[number] if number < len(self.cells) else ()
            yield row[column].get("dataValidation") if column < len(row) else None

    def guarded(self, column: int) -> Json | None:
        """The protected range that covers a column from its header down, None where there is none."""
        for one in self.protected:
            area = one.get("range", {})
            covers_rows = area.get("startRowIndex", 0) <= self.header + 1 and "endRowIndex" not in area
            first, end = area.get("startColumnIndex", 0), area.get("endColumnIndex", self.columns)
            if covers_rows and first <= column < end and not one.get("warningOnly"):
                return one
        return None


def tab_of(sheet: Mapping[str, Any]) -> Tab:
    """A tab out of a Sheet resource."""
    properties = sheet.get("properties", {})
    grid = properties.get("gridProperties", {})
    cells: list[Sequence[Json]] = []
    for data in sheet.get("data", ()):
        cells += [row.get("values", ()) for row in data.get("rowData", ())]
    return Tab(
        int(properties.get("sheetId", 0)),
        str(properties.get("title", "")),
        int(grid.get("rowCount", 0)),
        int(grid.get("columnCount", 0)),
        cells,
        list(sheet.get("protectedRanges", ())),
        int(grid.get("frozenRowCount", 0)),
    )


def shown(cell: Mapping[str, Any]) -> str:
    """What a cell holds, as text; "" for an empty one."""
    return cell_of(cell).text


def find_header(tab: Tab, kind: Kind, columns: Sequence[Column]) -> None:
    """Set where the tab's header stands and which column is which; an empty tab gets it in the first row.

    UsageError where rows were typed but no header that we know is there: nothing is written among them.
    """
    if tab.empty:
        return
    found = [(_known(row, kind, columns), number) for number, row in enumerate(tab.cells[:HEADER_ROWS])]
    places, number = max(found, key=lambda one: len(one[0]), default=({}, 0))
    if len(places) < _FIELDS_NEEDED:
        needed = ", ".join(HEADERS[kind][name][0] for name in REQUIRED[kind])
        raise UsageError(
            "The tab “{tab}” has rows, but no header that is known: {columns}. Type the header above them, "
            "or empty the tab. Nothing was changed.",
            tab=tab.title,
            columns=needed,
        )
    tab.header, tab.places = number, places


def _known(row: Sequence[Json], kind: Kind, columns: Sequence[Column]) -> dict[str, int]:
    """Our columns' headers in a row, under whichever accepted name, with the column they stand in."""
    wanted = {loose(name): column.header for column in columns for name in names_of(column.header, kind)}
    places: dict[str, int] = {}
    for at, cell in enumerate(row):
        header = wanted.get(loose(shown(cell)))
        if header is not None:
            places.setdefault(header, at)
    return places


def names_of(header: str, kind: Kind) -> tuple[str, ...]:
    """Every name that a column may bear."""
    for names in HEADERS[kind].values():
        if names[0] == header:
            return names
    return (header,)


def same_rule(one: Json | None, other: Json) -> bool:
    """Whether two rules check the same, however Google writes days and ranges back."""
    return one is not None and _plain(one) == _plain(other)


def _plain(rule: Json) -> tuple[object, ...]:
    condition = rule.get("condition", {})
    values = tuple(_value(str(value.get("userEnteredValue", ""))) for value in condition.get("values", ()))
    return condition.get("type"), values, bool(rule.get("strict")), bool(rule.get("showCustomUi"))


def _value(text: str) -> str:
    if written := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return f"{written[3]}-{int(written[2]):02}-{int(written[1]):02}"
    return re.sub(r"[=$' ]", "", text).upper()
