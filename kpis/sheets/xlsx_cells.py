"""The cells of one row of an .xlsx file, from plain text or parsed elements (ECMA-376 part 1, §18.3)."""

from __future__ import annotations

import re
from datetime import date

from kpis.sheets.cells import (
    EMPTY,
    boolean_cell,
    date_cell,
    error_cell,
    number_cell,
    percent_cell,
    serial_date_cell,
    text_cell,
    time_cell,
)
from kpis.sheets.model import Cell
from kpis.sheets.xlsx_package import DamagedError, Package, rich_text, unescape
from kpis.sheets.xlsx_plain import plain_text
from kpis.sheets.xml import Element

LAST_COLUMN = 702
"""Columns beyond ZZ are not read: one stray cell far to the right would make every row that wide."""

_DIGITS = "0123456789"
_MOST_KEPT = 1 << 16
# A row's opening tag, after rows that are nothing but one; then its cells, then any character left over.
_ROW = re.compile(rb"\s*(?:<row(?: [^<>]*)?/>\s*)*<row((?: [^<>]*)?)(?<!/)>")
_NUMBER = re.compile(rb' r="([0-9]+)"')
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?'
    rb'(?:(?: t="([a-z]+)")?(?:/>|></c>|>(?:<f(?:[^<>]*/>|[^<>]*>[^<]*</f>)(?=<v>[^<]))?<v>([^<]*)</v></c>)'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>)'
    rb"|(\S)"
)


class Columns(dict[bytes, int]):
    """The number of a column, counted from 0, by its letters: worked out once each."""

    def __missing__(self, letters: bytes) -> int:
        if not 1 <= len(letters) <= 3 or not letters.isalpha():
            raise DamagedError(f"a column is named {letters!r}")
        number = 0
        for letter in letters.upper():
            number = number * 26 + letter - ord("A") + 1
        self[letters] = number - 1
        return number - 1


class CellReader:
    """Makes cells; equal ones are made once, since a sheet repeats its days, agencies and targets."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._columns = Columns()
        self._made: dict[tuple[bytes, bytes, bytes, bytes], Cell] = {}

    def of_piece(self, piece: bytes) -> tuple[str | None, list[Cell]] | None:
        """The number and cells of one row's plain text, None where any of it is not plain."""
        head = _ROW.match(piece)
        if head is None:
            return None
        cells: list[Cell] = []
        made, columns, strings = self._made, self._columns, self._package.strings
        for letters, style, kind, value, inline, other in _CELL.findall(piece, head.end()):
            if other:
                return None
            if kind == b"s" and value.isdigit() and (at := int(value)) < len(strings):
                cell = strings[at]
            else:
                key = (style, kind, value, inline)
                cell = made.get(key) or self._keep(key)
            if cell is not EMPTY:
                _put(cells, columns[letters], cell)
        number = _NUMBER.search(head[1])
        if number is None and b" r=" in head[1]:
            return None
        return number[1].decode() if number else None, cells

    def of_row(self, row: Element) -> list[Cell]:
        """The cells of one row's element, from column A up to the last that holds anything."""
        cells: list[Cell] = []
        column = -1
        for node in row.iterchildren("{*}c"):
            reference = node.get("r")
            column = self._columns[reference.rstrip(_DIGITS).encode()] if reference else column + 1
            cell = self._of_element(node) if len(node) else EMPTY
            if cell is not EMPTY:
                _put(cells, column, cell)
        return cells

    def _keep(self, key: tuple[bytes, bytes, bytes, bytes]) -> Cell:
        if len(self._made) > _MOST_KEPT:
            self._made.clear()
        style, kind, value, inline = map(plain_text, key)
        if inline:
            cell = text_cell(unescape(inline))
        else:
            cell = self._of_value(kind, style, value) if value else EMPTY
        self._made[key] = cell
        return cell

    def _of_element(self, node: Element) -> Cell:
        kind, style = node.get("t") or "", node.get("s") or ""
        first = node[0]
        if len(node) == 1 and first.tag.endswith("}v") and kind != "inlineStr":
            return self._of_value(kind, style, first.text) if first.text else EMPTY
        if kind == "inlineStr":
            inline = node.find("{*}is")
            return EMPTY if inline is None else text_cell(rich_text(inline))
        stored, formula = node.find("{*}v"), node.find("{*}f")
        if stored is not None and stored.text:
            return self._of_value(kind, style, stored.text)
        # A formula that gives the empty text has that stored; one without was never worked out.
        if formula is None or (kind == "str" and stored is not None):
            return EMPTY
        return error_cell(f"={formula.text or ''}")

    def _of_value(self, kind: str, style: str, value: str) -> Cell:
        match kind:
            case "s":
                return self._shared(value)
            case "str":
                return text_cell(unescape(value))
            case "e":
                return error_cell(value)
            case "b":
                return boolean_cell(value.strip() in {"1", "true"})
            case "d":
                return _iso(value)
            case _:
                return self._number(style, value)

    def _shared(self, value: str) -> Cell:
        strings = self._package.strings
        if not (value.isascii() and value.isdigit()) or int(value) >= len(strings):
            raise DamagedError(f"no shared text {value}")
        return strings[int(value)]

    def _number(self, style: str, value: str) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return text_cell(value)
        styles = self._package.styles
        at = int(style) if style.isdecimal() else 0
        match styles[at] if at < len(styles) else "number":
            case "date":
                return serial_date_cell(number, date1904=self._package.date1904)
            case "time":
                return time_cell(number)
            case "percent":
                return percent_cell(number)
            case _:
                return number_cell(number)


def _put(cells: list[Cell], column: int, cell: Cell) -> None:
    if column >= LAST_COLUMN:
        return
    gap = column - len(cells)
    if gap < 0:
        cells[column] = cell
        return
    if gap:
        cells.extend([EMPTY] * gap)
    cells.append(cell)


def _iso(value: str) -> Cell:
    try:
        return date_cell(date.fromisoformat(value[:10]))
    except ValueError:
        return text_cell(value)
