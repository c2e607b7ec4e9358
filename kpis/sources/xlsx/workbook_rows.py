"""Reads the rows of an .xlsx file's tabs: openpyxl parses them, `kpis.sheet.cells` builds the cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

from kpis.sheet.cells import (
    EMPTY_CELL,
    make_boolean_cell,
    make_date_cell,
    make_error_cell,
    make_number_cell,
    make_percent_cell,
    make_serial_date_cell,
    make_text_cell,
    make_time_cell,
)
from kpis.sheet.model import Cell, RawRow
from kpis.sources.bounds import MAX_COLUMNS, MAX_ROWS, ContentCounter
from kpis.sources.xlsx.number_formats import read_number_styles
from kpis.sources.xlsx.openpyxl_internals import (
    ParsedCell,
    RowParser,
    parse_text,
    range_boundaries,
    unescape,
)
from kpis.sources.xlsx.package import DamagedError, WorkbookPackage
from kpis.sources.xlsx.safe_xml import iterate_elements, parse_xml

_CACHE_SIZE = 1 << 16


class RowReader:
    """Reads the tabs of one workbook. Raises DamagedError, TooMuchError, or what libraries raise."""

    def __init__(self, package: WorkbookPackage) -> None:
        self._package = package
        self._counter = ContentCounter()
        styles = package.parts.get("styles")
        self._styles = read_number_styles(parse_xml(package.archive.read(styles))) if styles else ()
        self._texts = dict(enumerate(_read_shared_texts(package)))  # in a list, -1 would be the last text
        self._make_number_cached = lru_cache(_CACHE_SIZE)(self._make_number)  # days and counts repeat

    def read_rows(self, part: str) -> tuple[RawRow, ...]:
        """Return the rows that hold anything, with their row numbers; rows with formats only are left out."""
        parser = RowParser(self._texts)
        rows: list[RawRow] = []
        merged: list[str] = []
        with self._package.archive.open(part) as file:
            for element in iterate_elements(file, "row", "mergeCell"):
                if element.tag.endswith("}mergeCell"):
                    self._counter.add_merged_range()
                    merged.append(element.get("ref") or "")
                    continue
                row = self._build_row(*parser.parse(element))
                if row.cells:
                    self._counter.add_cells(sum(cell is not EMPTY_CELL for cell in row.cells))
                    rows.append(row)
        return tuple(_drop_merged(rows, merged)) if merged else tuple(rows)

    def _build_row(self, number: int, parsed: list[ParsedCell]) -> RawRow:
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
        value = parsed.value
        if value is None:
            return EMPTY_CELL if parsed.formula is None else make_error_cell(f"={parsed.formula}")
        match parsed.kind:
            case "s":
                return value if isinstance(value, Cell) else make_text_cell(unescape(value))
            case "n":
                return self._make_number_cached(parsed.style, value)
            case "b":
                return make_boolean_cell(value)
            case "e":
                return make_error_cell(value)
            case "d":
                return _make_iso_cell(value)
            case kind:
                raise DamagedError(f"a cell is of the kind {kind}")

    def _make_number(self, style: int, stored: int | float) -> Cell:
        value = float(stored)
        match self._styles[style] if style < len(self._styles) else "number":
            case "date":
                return make_serial_date_cell(value, date1904=self._package.date1904)
            case "time":
                return make_time_cell(value)
            case "percent":
                return make_percent_cell(value)
            case _:
                return make_number_cell(value)


def _read_shared_texts(package: WorkbookPackage) -> Iterator[Cell]:
    part = package.parts.get("sharedStrings")
    if part is None:
        return
    with package.archive.open(part) as file:
        for element in iterate_elements(file, "si"):
            yield make_text_cell(parse_text(element))


def _make_iso_cell(value: object) -> Cell:
    """Return the cell of a date in a "Strict" file, which stores dates as text."""
    match value:
        case datetime():
            return make_date_cell(value.date())
        case date():
            return make_date_cell(value)
        case _:
            return make_text_cell(str(value))


def _drop_merged(rows: list[RawRow], merged: list[str]) -> Iterator[RawRow]:
    """Yield the rows without cells hidden by a merged cell: only its first cell is shown and counts."""
    hidden: dict[int, set[int]] = {row.number: set() for row in rows}
    numbers = sorted(hidden)
    for left, top, right, bottom in map(range_boundaries, merged):
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            hidden[number].update(range(left - (number != top), min(right, MAX_COLUMNS)))
    for row in rows:
        columns = hidden[row.number]
        cells = [EMPTY_CELL if column in columns else cell for column, cell in enumerate(row.cells)]
        while cells and cells[-1] is EMPTY_CELL:
            cells.pop()
        if cells:
            yield RawRow(row.number, tuple(cells))
