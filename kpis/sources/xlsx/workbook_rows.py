"""Reads the rows of an .xlsx file's tabs: lxml parses them one by one, `CellMaker` makes the cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.model import Cell, RawRow
from kpis.sources.bounds import MAX_COLUMNS, MAX_ROWS, ContentCounter
from kpis.sources.xlsx.cell_elements import ColumnNumbers, build_tags, parse_row_number
from kpis.sources.xlsx.cell_maker import CellMaker
from kpis.sources.xlsx.openpyxl_functions import range_boundaries
from kpis.sources.xlsx.package import DamagedError
from kpis.sources.xlsx.safe_xml import Element, iterate_elements
from kpis.sources.xlsx.workbook_parts import WorkbookParts

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 1."""

_DIGITS = "0123456789"


class RowReader:
    """Reads one tab of a workbook. Raises DamagedError, TooMuchError, or what libraries raise.

    `counter` counts what all tabs of the workbook hold.
    """

    def __init__(self, parts: WorkbookParts, tab: str, counter: ContentCounter) -> None:
        self._archive, self._counter = parts.package.archive, counter
        self._maker, self._column_numbers, self._number = CellMaker(parts, tab), ColumnNumbers(), 0

    def read_rows(self, part: str) -> tuple[tuple[RawRow, ...], tuple[Area, ...]]:
        """Return the rows that hold anything, with their row numbers, and the areas of merged cells."""
        rows: list[RawRow] = []
        merged: list[str] = []
        with self._archive.open(part) as file:
            for element in iterate_elements(file, "row", "mergeCell"):
                if element.tag.endswith("}mergeCell"):
                    self._counter.add_merged_range()
                    merged.append(element.get("ref") or "")
                    continue
                row = self.build_row(element)
                if row.cells:
                    self._counter.add_cells(len([cell for cell in row.cells if cell is not EMPTY_CELL]))
                    rows.append(row)
        areas = tuple((top, left, bottom, right) for left, top, right, bottom in map(range_boundaries, merged))
        return tuple(_drop_merged(rows, areas)) if areas else tuple(rows), areas

    def build_row(self, element: Element) -> RawRow:
        """Return one row; without cells if it holds formats only."""
        number = self._number_row(element)
        tags = build_tags(element.tag)
        column_numbers, values, make_cell = self._column_numbers, self._maker.values, self._maker.make_cell
        cells: list[Cell] = []
        column = 0
        for node in element:
            reference = node.get("r")
            column = column_numbers[reference.rstrip(_DIGITS)] if reference else column + 1
            if len(node) == 1 and (child := node[0]).tag == tags.value and (kind := node.get("t")) != "e":
                cell = values[node.get("s"), kind][child.text]  # as nearly every cell
            else:
                cell = make_cell(node, tags, column)
            if cell is EMPTY_CELL or column > MAX_COLUMNS:
                continue
            if column > len(cells):
                cells.extend([EMPTY_CELL] * (column - len(cells)))
            cells[column - 1] = cell
        return RawRow(number, tuple(cells))

    def _number_row(self, element: Element) -> int:
        text = element.get("r")
        self._number = self._number + 1 if text is None else parse_row_number(text)
        if not 1 <= self._number <= MAX_ROWS:
            raise DamagedError(f"a row is numbered {self._number}")
        return self._number


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
