"""Reads the rows of an .xlsx file's tabs: openpyxl parses them, `kpis.sheet.cells` builds the cells."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from kpis.sheet.cells import (
    EMPTY_CELL,
    make_boolean_cell,
    make_date_cell,
    make_error_cell,
    make_number_cell,
    make_percent_cell,
    make_picture_cell,
    make_serial_date_cell,
    make_text_cell,
    make_time_cell,
)
from kpis.sheet.model import Cell, RawRow
from kpis.sources.bounds import MAX_COLUMNS, MAX_ROWS, ContentCounter
from kpis.sources.formulas import sums_own_column
from kpis.sources.number_formats import find_shown_day, find_shown_number
from kpis.sources.xlsx.number_formats import CellFormat
from kpis.sources.xlsx.openpyxl_internals import (
    ParsedCell,
    RowParser,
    has_empty_result,
    range_boundaries,
    unescape,
)
from kpis.sources.xlsx.package import DamagedError
from kpis.sources.xlsx.rich_text import RichText, read_text
from kpis.sources.xlsx.safe_xml import iterate_elements
from kpis.sources.xlsx.workbook_parts import WorkbookParts

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 1."""

_CACHE_SIZE = 1 << 16
_GENERAL = CellFormat("number")
_PICTURE_FORMULA = re.compile(r"\b(?:IMAGE|DISPIMG)\s*\(", re.IGNORECASE)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 1/1/2000 to 31/12/2099


class RowReader:
    """Reads one tab of a workbook. Raises DamagedError, TooMuchError, or what libraries raise.

    `counter` counts what all tabs of the workbook hold.
    """

    def __init__(self, parts: WorkbookParts, tab: str, counter: ContentCounter) -> None:
        self._parts, self._tab, self._counter = parts, tab, counter
        self._parser = RowParser(parts.texts)
        self._make_number_cached = lru_cache(_CACHE_SIZE)(self._make_number)  # days and counts repeat
        self._shared_formulas: dict[str, bool] = {}

    def read_rows(self, part: str) -> tuple[tuple[RawRow, ...], tuple[Area, ...]]:
        """Return the rows that hold anything, with their row numbers, and the areas of merged cells."""
        rows: list[RawRow] = []
        merged: list[str] = []
        with self._parts.package.archive.open(part) as file:
            for element in iterate_elements(file, "row", "mergeCell"):
                if element.tag.endswith("}mergeCell"):
                    self._counter.add_merged_range()
                    merged.append(element.get("ref") or "")
                    continue
                row = self.build_row(element)
                if row.cells:
                    self._counter.add_cells(sum(cell is not EMPTY_CELL for cell in row.cells))
                    rows.append(row)
        areas = tuple((top, left, bottom, right) for left, top, right, bottom in map(range_boundaries, merged))
        return tuple(_drop_merged(rows, areas)) if areas else tuple(rows), areas

    def build_row(self, element: object) -> RawRow:
        """Return one row; without cells if it holds formats only."""
        number, parsed = self._parser.parse(element)
        if not 1 <= number <= MAX_ROWS:
            raise DamagedError(f"a row is numbered {number}")
        cells: list[Cell] = []
        for parsed_cell in parsed:
            cell = self._make_cell(parsed_cell)
            if cell is not EMPTY_CELL and parsed_cell.column <= MAX_COLUMNS:
                cells.extend([EMPTY_CELL] * (parsed_cell.column - len(cells)))
                cells[parsed_cell.column - 1] = cell
        return RawRow(number, tuple(cells))

    def _make_cell(self, parsed: ParsedCell) -> Cell:
        cell = self._make_value_cell(parsed)
        if parsed.formula is not None and cell.kind != "empty" and self._sums_own_column(parsed):
            return replace(cell, sums_own_column=True)
        return cell

    def _make_value_cell(self, parsed: ParsedCell) -> Cell:
        value = parsed.value
        if _is_picture(parsed):
            return make_picture_cell()
        if value is None:
            if parsed.formula is None or has_empty_result(parsed.node):
                return EMPTY_CELL
            return make_error_cell(f"={parsed.formula}")
        if parsed.kind == "n":
            return self._make_number_cached(parsed.style, value)
        format_ = self._get_format(parsed.style)
        cell = self._make_other_cell(parsed, font_struck=format_.is_struck)
        return replace(cell, is_struck=True) if format_.is_struck and _takes_font(parsed, cell) else cell

    def _make_other_cell(self, parsed: ParsedCell, *, font_struck: bool) -> Cell:
        match parsed.kind, parsed.value:
            case "s", RichText() as text:
                return text.resolve(font_struck=font_struck)
            case "s", Cell() as cell:
                return cell
            case "s", text:
                inline = parsed.node.find("{*}is")
                if inline is None:
                    return make_text_cell(unescape(text))
                inline_text = read_text(inline)
                if isinstance(inline_text, RichText):
                    return inline_text.resolve(font_struck=font_struck)
                return inline_text
            case "b", value:
                return make_boolean_cell(value)
            case "e", value:
                return make_error_cell(value)
            case "d", value:
                return _make_iso_cell(value)
            case kind, _:
                raise DamagedError(f"a cell is of the kind {kind}")

    def _make_number(self, style: int, stored: int | float) -> Cell:
        value, format_ = float(stored), self._get_format(style)
        cell = self._make_unmarked_number(value, format_, style)
        shown_text = None
        if cell.kind == "number":
            shown_text = find_shown_number(float(str(cell.value)), format_.code)
        elif isinstance(cell.value, date):
            shown_text = find_shown_day(cell.value, format_.code)
        if shown_text is None and not format_.is_struck:
            return cell
        return replace(cell, shown_text=shown_text, is_struck=format_.is_struck)

    def _make_unmarked_number(self, value: float, format_: CellFormat, style: int) -> Cell:
        date1904 = self._parts.package.date1904
        match format_.style:
            case "date":
                return make_serial_date_cell(value, date1904=date1904)
            case "time":
                return make_time_cell(value)
            case "percent":
                return make_percent_cell(value)
        # Without formats, a number that may be a day must not become a quantity.
        if style and not self._parts.has_formats and _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return make_serial_date_cell(value, date1904=date1904)
        return make_number_cell(value)

    def _get_format(self, style: int) -> CellFormat:
        formats = self._parts.formats
        return formats[style] if style < len(formats) else _GENERAL

    def _sums_own_column(self, parsed: ParsedCell) -> bool:
        node = parsed.node.find("{*}f")
        shared = node.get("si") if node is not None and node.get("t") == "shared" else None
        if shared is not None and not parsed.formula:  # the formula stands in the first cell of its area
            return self._shared_formulas.get(shared, False)
        result = sums_own_column(parsed.formula or "", parsed.column, self._tab, self._parts.package.names)
        if shared is not None:
            self._shared_formulas[shared] = result
        return result


def _takes_font(parsed: ParsedCell, cell: Cell) -> bool:
    """True if the cell's own font decides whether its text is struck."""
    is_rich = isinstance(parsed.value, RichText) or parsed.node.find("{*}is/{*}r") is not None
    return cell.kind != "empty" and not (is_rich and (cell.is_struck or cell.has_marked_runs))


def _is_picture(parsed: ParsedCell) -> bool:
    """True for a picture in a cell, stored as an error with rich data, or as a formula of Excel or WPS."""
    if parsed.formula and _PICTURE_FORMULA.search(parsed.formula):
        return True
    return parsed.kind == "e" and parsed.node.get("vm") is not None and parsed.formula is None


def _make_iso_cell(value: object) -> Cell:
    """Return the cell of a date in a "Strict" file, which stores dates as text."""
    match value:
        case datetime():
            return make_date_cell(value.date())
        case date():
            return make_date_cell(value)
        case _:
            return make_text_cell(str(value))


def _drop_merged(rows: list[RawRow], areas: tuple[Area, ...]) -> Iterator[RawRow]:
    """Yield the rows without cells hidden by a merged cell: only its first cell is shown and counts."""
    hidden: dict[int, set[int]] = {row.number: set() for row in rows}
    numbers = sorted(hidden)
    for top, left, bottom, right in areas:
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            hidden[number].update(range(left - (number != top), min(right, MAX_COLUMNS)))
    for row in rows:
        columns = hidden[row.number]
        cells = [EMPTY_CELL if column in columns else cell for column, cell in enumerate(row.cells)]
        while cells and cells[-1] is EMPTY_CELL:
            cells.pop()
        if cells:
            yield RawRow(row.number, tuple(cells))
