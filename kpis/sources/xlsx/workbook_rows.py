"""The rows of the tabs of an .xlsx file: openpyxl takes rows and texts apart, `cells` makes the cells.

Why openpyxl, and why its parser of rows rather than its `load_workbook`: docs/decisions/reading-excel.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from openpyxl.cell.text import Text as _Text
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape as _unescape
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, VALUE_TAG
from openpyxl.worksheet._reader import WorkSheetParser as _WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

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
from kpis.sources.xlsx.number_formats import read_number_styles
from kpis.sources.xlsx.package import DamagedError, WorkbookPackage
from kpis.sources.xlsx.safe_xml import Element, iterate_elements, parse_xml

MAX_ROW = 1_048_576
"""The last row that Excel itself has."""
MAX_COLUMN = 702
"""Columns beyond ZZ are not read: one stray cell far to the right would make every row that wide."""

_CACHE_SIZE = 1 << 16

# openpyxl has no types.
Text: Any = _Text
WorkSheetParser: Any = _WorkSheetParser
unescape: Any = _unescape


class RowReader:
    """Reads tabs of one workbook. Raises DamagedError, or what openpyxl, lxml and zipfile raise."""

    def __init__(self, package: WorkbookPackage) -> None:
        self._package = package
        styles = package.parts.get("styles")
        self._styles = read_number_styles(parse_xml(package.archive.read(styles))) if styles else ()
        self._texts = dict(enumerate(_read_shared_texts(package)))  # a list would have a text numbered -1
        self._make_number_cached = lru_cache(_CACHE_SIZE)(
            self._make_number
        )  # a sheet repeats its days and counts

    def read_rows(self, part: str) -> tuple[RawRow, ...]:
        """The rows that hold anything, with their own numbers; formatted but empty ones cost no memory."""
        # Without formats for dates every number stays as stored: openpyxl rounds days, and refuses some.
        parser = WorkSheetParser(None, self._texts, data_only=True)
        rows: list[RawRow] = []
        merged: list[str] = []
        with self._package.archive.open(part) as file:
            for element in iterate_elements(file, "row", "mergeCell"):
                if element.tag.endswith("}mergeCell"):
                    merged.append(element.get("ref") or "")
                    continue
                row = self._read_row(parser, element)
                if row.cells:
                    rows.append(row)
        return tuple(_drop_merged(rows, merged)) if merged else tuple(rows)

    def _read_row(self, parser: Any, element: Element) -> RawRow:
        if element.tag != ROW_TAG:  # Excel's "Strict" files are in a namespace that openpyxl does not know
            for node in element.iter():
                node.tag = f"{{{SHEET_MAIN_NS}}}{node.tag.rpartition('}')[2]}"
        number, found = parser.parse_row(element)
        parser.row_dimensions.clear()
        if not 1 <= number <= MAX_ROW:
            raise DamagedError(f"a row is numbered {number}")
        cells: list[Cell] = []
        for node, read in zip(element, found, strict=True):
            cell = self._make_cell(read) if read["value"] is not None else _make_valueless_cell(node)
            if cell is not EMPTY_CELL and read["column"] <= MAX_COLUMN:
                cells.extend([EMPTY_CELL] * (read["column"] - len(cells)))
                cells[read["column"] - 1] = cell
        return RawRow(number, tuple(cells))

    def _make_cell(self, parsed: dict[str, Any]) -> Cell:
        value = parsed["value"]
        match parsed["data_type"]:
            case "s":
                return value if isinstance(value, Cell) else make_text_cell(unescape(value))
            case "n":
                return self._make_number_cached(parsed["style_id"], value)
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
            yield make_text_cell(unescape(Text.from_tree(element).content))


def _make_iso_cell(value: object) -> Cell:
    """A cell of a "Strict" file, which stores days as words."""
    match value:
        case datetime():
            return make_date_cell(value.date())
        case date():
            return make_date_cell(value)
        case _:
            return make_text_cell(str(value))


def _make_valueless_cell(node: Element) -> Cell:
    """Empty, or an error where a formula stands that no program has worked out."""
    formula = node.find(FORMULA_TAG) if len(node) else None
    # A formula that gives the empty text has that stored.
    if formula is None or (node.get("t") == "str" and node.find(VALUE_TAG) is not None):
        return EMPTY_CELL
    return make_error_cell(f"={formula.text or ''}")


def _drop_merged(rows: list[RawRow], merged: list[str]) -> Iterator[RawRow]:
    """The rows without what lies under a merged cell: only its first cell is seen and counts."""
    hidden: dict[int, set[int]] = {row.number: set() for row in rows}
    numbers = sorted(hidden)
    for left, top, right, bottom in map(range_boundaries, merged):
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            hidden[number].update(range(left - (number != top), min(right, MAX_COLUMN)))
    for row in rows:
        under = hidden[row.number]
        cells = [EMPTY_CELL if column in under else cell for column, cell in enumerate(row.cells)]
        while cells and cells[-1] is EMPTY_CELL:
            cells.pop()
        if cells:
            yield RawRow(row.number, tuple(cells))
