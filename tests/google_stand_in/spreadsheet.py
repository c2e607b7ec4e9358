"""Spreadsheets in memory: what people type, and what Google stores about it."""

from __future__ import annotations

import copy
import itertools
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from tests.google_stand_in import a1
from tests.google_stand_in.discovery import Json

Role = Literal["owner", "writer", "reader"]
ErrorType = Literal[
    "ERROR", "NULL_VALUE", "DIVIDE_BY_ZERO", "VALUE", "REF", "NAME", "NUM", "N_A", "LOADING"
]  # fmt: skip
FormatType = Literal["TEXT", "NUMBER", "PERCENT", "CURRENCY", "DATE", "TIME", "DATE_TIME", "SCIENTIFIC"]
SPREADSHEET_TYPE = "application/vnd.google-apps.spreadsheet"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EPOCH = datetime(1899, 12, 30)
_protected_range_ids = itertools.count(1)


@dataclass(frozen=True)
class SheetError:
    """An error in a cell: `type` is Google's, "REF" for #REF!, "LOADING" for Loading…"""

    type: ErrorType
    message: str = ""

    @property
    def display_text(self) -> str:
        special = {"DIVIDE_BY_ZERO": "#DIV/0!", "N_A": "#N/A", "NAME": "#NAME?", "LOADING": "Loading..."}
        return special.get(self.type, f"#{self.type}!")


TypedValue = str | float | bool | SheetError | None


@dataclass
class ColumnMetadata:
    """Developer metadata on one column (from 0); it stays with the column when that moves."""

    id: int
    key: str
    column: int
    value: str = ""
    visibility: str = "DOCUMENT"


@dataclass
class SheetCell:
    """One cell: its value, the type and pattern of its number format, its validation rule."""

    value: TypedValue = None
    format: FormatType | None = None
    pattern: str | None = None
    rule: Json | None = None
    other_fields: Json = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self.value is None and self.format is None and self.rule is None and not self.other_fields


def to_serial(moment: date | datetime) -> float:
    """Return a day or moment as a serial number of Sheets: days since 30 December 1899."""
    start = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    return (start - _EPOCH) / timedelta(days=1)


def make_percent_cell(share: float) -> SheetCell:
    """Return a cell typed as "50%"."""
    return SheetCell(share, "PERCENT", "0%")


def to_cell(value: object) -> SheetCell:
    """Return the cell that Sheets stores for a typed value: a day becomes a serial number of type DATE."""
    if isinstance(value, SheetCell):
        return value
    if isinstance(value, datetime):
        return SheetCell(to_serial(value), "DATE_TIME", "dd/mm/yyyy hh:mm:ss")
    if isinstance(value, date):
        return SheetCell(to_serial(value), "DATE", "dd/mm/yyyy")
    if isinstance(value, time):
        return SheetCell((value.hour * 3600 + value.minute * 60 + value.second) / 86400, "TIME", "hh:mm")
    if value is None or isinstance(value, (str, bool, SheetError)):
        return SheetCell(value)
    if isinstance(value, (int, float)):
        return SheetCell(float(value))
    raise TypeError(f"no cell holds {type(value).__name__}")


@dataclass
class SheetTab:
    """One tab; `cells` holds every cell that is not blank, by row and column from 0."""

    title: str
    id: int = field(default_factory=lambda: secrets.randbelow(2**31))
    rows: int = 1000
    columns: int = 26
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merges: list[a1.A1Range] = field(default_factory=list)
    protected_ranges: list[Json] = field(default_factory=list)
    properties: Json = field(default_factory=dict)
    column_metadata: list[ColumnMetadata] = field(default_factory=list)
    kind: Literal["GRID", "OBJECT"] = "GRID"

    def type_value(self, address: str, value: object) -> None:
        """Type a value into a cell such as "D12"."""
        self.set_cell(*a1.parse_cell(address), to_cell(value))

    def set_cell(self, row: int, column: int, cell: SheetCell) -> None:
        if cell.is_empty:
            self.cells.pop((row, column), None)
        else:
            self.cells[row, column] = cell
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def fill_rows(self, rows: Iterable[Sequence[object]], top: int = 1) -> None:
        """Type rows of values, the first into row `top` (from 1)."""
        for row, values in enumerate(rows, top - 1):
            for column, value in enumerate(values):
                self.set_cell(row, column, to_cell(value))

    def get_value(self, address: str) -> TypedValue:
        """Return the value of a cell such as "D12"."""
        return self.cells.get(a1.parse_cell(address), SheetCell()).value

    def insert_rows(self, first_row: int, count: int = 1) -> None:
        """Insert rows above `first_row` (from 1); protected ranges do not move."""
        self._move_rows(lambda row: row + count if row >= first_row - 1 else row)
        self.rows += count

    def delete_row(self, number: int) -> None:
        """Delete row `number` (from 1); the rows below it move up."""
        self.cells = {(row, column): cell for (row, column), cell in self.cells.items() if row != number - 1}
        self._move_rows(lambda row: row - 1 if row >= number else row)
        self.rows -= 1

    def _move_rows(self, get_new_row: Callable[[int], int]) -> None:
        self.cells = {(get_new_row(row), column): cell for (row, column), cell in self.cells.items()}

    def insert_columns(self, first_column: int, count: int = 1) -> None:
        """Insert columns left of `first_column` (from 0); metadata, merges and protection move along."""
        self._move_columns(lambda column: column + count if column >= first_column else column)
        self.columns += count

    def delete_column(self, index: int) -> None:
        """Delete a column (from 0) with its metadata; the columns to its right move left."""
        self.cells = {position: cell for position, cell in self.cells.items() if position[1] != index}
        self.column_metadata = [item for item in self.column_metadata if item.column != index]
        self._move_columns(lambda column: column - 1 if column > index else column)
        self.columns -= 1

    def move_column(self, index: int, target: int) -> None:
        """Drag a column by its letter (moveDimension), so that its index becomes `target`."""
        order = [column for column in range(self.columns) if column != index]
        order.insert(target, index)
        new_columns = {old: new for new, old in enumerate(order)}
        self._move_columns(lambda column: new_columns.get(column, column))

    def move_cells(self, index: int, target: int) -> None:
        """Drag all cells of a column onto another (cutPaste): metadata stays where it is."""
        moved = {row: cell for (row, column), cell in self.cells.items() if column == index}
        self.cells = {position: cell for position, cell in self.cells.items() if position[1] not in {index, target}} | {
            (row, target): cell for row, cell in moved.items()
        }

    def _move_columns(self, get_new_column: Callable[[int], int]) -> None:
        self.cells = {(row, get_new_column(column)): cell for (row, column), cell in self.cells.items()}
        for item in self.column_metadata:
            item.column = get_new_column(item.column)
        self.merges = [_move_area(area, get_new_column) for area in self.merges]
        for protection in self.protected_ranges:
            area = _move_area(parse_grid_range(protection.get("range", {})), get_new_column)
            protection["range"] = to_grid_range(self.id, area)

    def protect_range(self, address: str | None, editors: Sequence[str], warning_only: bool = False) -> None:
        """Protect an area ("I2:I"), or with None the whole tab, against all but `editors`."""
        area = a1.parse_range(address) if address else a1.A1Range()
        if area is None:
            raise ValueError(address)
        self.protected_ranges.append(
            {
                "protectedRangeId": next(_protected_range_ids),
                "range": to_grid_range(self.id, area),
                "editors": {"users": list(editors)},
                "warningOnly": warning_only,
            }
        )


@dataclass
class Spreadsheet:
    """One file in Drive. `share` is the role by account, `link_role` that of people with the link."""

    title: str
    sheets: list[SheetTab] = field(default_factory=lambda: [SheetTab("Tiến độ", 0), SheetTab("Nhiệm vụ")])
    share: dict[str, Role] = field(default_factory=dict)
    link_role: Role | None = None
    locale: str = "vi_VN"
    time_zone: str = "Asia/Ho_Chi_Minh"
    id: str = field(default_factory=lambda: "1" + secrets.token_urlsafe(32)[:43])
    mime_type: str = SPREADSHEET_TYPE
    is_trashed: bool = False
    modified_time: datetime = datetime(2026, 1, 1)
    version: int = 1

    def get_sheet(self, title: str) -> SheetTab:
        """Return the tab of that title."""
        return next(tab for tab in self.sheets if tab.title == title)

    def duplicate_sheet(self, title: str, new_title: str) -> SheetTab:
        """Duplicate a tab to its right; metadata is copied and has new ids, since an id is the file's own."""
        original = self.get_sheet(title)
        copied = copy.deepcopy(original)
        copied.title, copied.id = new_title, secrets.randbelow(2**31)
        for item in copied.column_metadata:
            item.id = secrets.randbelow(2**31)
        self.sheets.insert(self.sheets.index(original) + 1, copied)
        return copied

    def get_role(self, email: str) -> Role | None:
        return self.share.get(email) or self.link_role


def _move_area(area: a1.A1Range, get_new_column: Callable[[int], int]) -> a1.A1Range:
    """Return an area after its columns moved; the areas of these tests are one column wide or unbounded."""
    if area.end_column is None:
        return area
    width = area.end_column - area.column
    first = get_new_column(area.column)
    return replace(area, column=first, end_column=first + width)


def to_grid_range(sheet_id: int, area: a1.A1Range) -> Json:
    """Return an area as a GridRange, without its open ends."""
    ends = {
        "startRowIndex": area.row or None, "endRowIndex": area.end_row,
        "startColumnIndex": area.column or None, "endColumnIndex": area.end_column,
    }  # fmt: skip
    return {"sheetId": sheet_id} | {name: end for name, end in ends.items() if end is not None}


def parse_grid_range(grid: Mapping[str, int]) -> a1.A1Range:
    """Return the area of a GridRange."""
    return a1.A1Range(
        grid.get("startRowIndex", 0),
        grid.get("startColumnIndex", 0),
        grid.get("endRowIndex"),
        grid.get("endColumnIndex"),
    )
