"""The rows of one tab of an .xlsx file, in one pass that sees values, error cells, formats and formulas.

Source: ECMA-376 part 1, §18.3. Why neither openpyxl nor calamine: docs/decisions/reading-excel.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kpis.sheets.cells import EMPTY
from kpis.sheets.model import Cell, RawRow
from kpis.sheets.xlsx_cells import LAST_COLUMN, CellReader, Columns
from kpis.sheets.xlsx_package import DamagedError, Package
from kpis.sheets.xlsx_plain import NotPlainError, Pieces
from kpis.sheets.xml import elements

LAST_ROW = 1_048_576
"""The last row that Excel itself has."""

_RANGE = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


def read_rows(package: Package, part: str) -> tuple[RawRow, ...]:
    """The rows that hold anything, with their own numbers; formatted but empty ones cost no memory."""
    try:
        rows, merged = plainly(package, part)
    except NotPlainError:
        rows, merged = thoroughly(package, part)
    return tuple(_without_merged(rows, merged)) if merged else tuple(rows)


def plainly(package: Package, part: str) -> tuple[list[RawRow], list[str]]:
    """The rows and merged ranges of a part whose text is plain, else NotPlainError; five times as fast."""
    cells = CellReader(package)
    rows: list[RawRow] = []
    number = 0
    with package.archive.open(part) as file:
        pieces = Pieces(file, "row", inside="sheetData")
        for piece in pieces:
            plain = cells.of_piece(piece)
            if plain is not None:
                number = _row_number(plain[0], number)
                _add(rows, number, plain[1])
                continue
            for element in pieces.parsed(piece):
                number = _row_number(element.get("r"), number)
                _add(rows, number, cells.of_row(element))
        merged = [element.get("ref") or "" for element in pieces.rest().iter("{*}mergeCell")]
    return rows, merged


def thoroughly(package: Package, part: str) -> tuple[list[RawRow], list[str]]:
    """The rows and merged ranges of any part, by the XML parser."""
    cells = CellReader(package)
    rows: list[RawRow] = []
    merged: list[str] = []
    number = 0
    with package.archive.open(part) as file:
        for element in elements(file, "row", "mergeCell"):
            if element.tag.endswith("}mergeCell"):
                merged.append(element.get("ref") or "")
                continue
            number = _row_number(element.get("r"), number)
            _add(rows, number, cells.of_row(element))
    return rows, merged


def _add(rows: list[RawRow], number: int, cells: list[Cell]) -> None:
    if cells:
        rows.append(RawRow(number, tuple(cells)))


def _row_number(reference: str | None, before: int) -> int:
    reference = reference or str(before + 1)
    if not (reference.isascii() and reference.isdigit()) or int(reference) > LAST_ROW:
        raise DamagedError(f"a row is numbered {reference}")
    return int(reference)


def _without_merged(rows: list[RawRow], merged: list[str]) -> Iterator[RawRow]:
    """The rows without what lies under a merged cell: only its first cell is seen and counts."""
    numbers = sorted({row.number for row in rows})
    hidden: dict[int, set[int]] = {}
    for found in map(_RANGE.fullmatch, merged):
        if found is None:
            continue
        (left, top), (right, bottom) = _corner(found[1], found[2]), _corner(found[3], found[4])
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            under = range(left + (number == top), min(right + 1, LAST_COLUMN))
            hidden.setdefault(number, set()).update(under)
    for row in rows:
        if row.number not in hidden:
            yield row
            continue
        under_row = hidden[row.number]
        cells = [EMPTY if column in under_row else cell for column, cell in enumerate(row.cells)]
        while cells and cells[-1] is EMPTY:
            cells.pop()
        if cells:
            yield RawRow(row.number, tuple(cells))


def _corner(letters: str, digits: str) -> tuple[int, int]:
    return Columns()[letters.encode()], int(digits)
