"""Find and change cells of a worksheet part by row and column (ECMA-376 part 1, §18.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kpis.feedback.xlsx.patch import Element, qualify_tag
from kpis.sheet.cells import format_cell_name, format_column_letters

_DIGITS = "0123456789"
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 8.43, 15.0  # in characters and in points


class WorksheetGrid:
    """The rows of a worksheet's root. Columns count from 0, rows from 1."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._rows: dict[int, Element] = {}
        number = 0
        for row in root.iterfind("{*}sheetData/{*}row"):
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self._rows.setdefault(number, row)

    def get_style(self, row: int, column: int) -> int:
        """Return the style number of a cell: its own, its row's, its column's, or 0."""
        cell = self._find_cell(row, column)
        if cell is not None:
            return int(cell.get("s") or 0)
        row_element = self._rows.get(row)
        if row_element is not None and row_element.get("customFormat") in {"1", "true"}:
            return int(row_element.get("s") or 0)
        span = self._find_column_span(column)
        return 0 if span is None else int(span.get("style") or 0)

    def set_style(self, row: int, column: int, style: int) -> None:
        """Set the style of a cell; a missing cell is created."""
        if (cell := self._ensure_cell(row, column)) is not None:
            cell.set("s", str(style))

    def restyle(self, change_style: Callable[[int], int]) -> None:
        """Replace the style of every cell by what `change_style` returns for it."""
        for row in self._rows.values():
            for cell in row.iterfind("{*}c[@s]"):
                style = int(cell.get("s"))
                if (new_style := change_style(style)) != style:
                    cell.set("s", str(new_style))

    def write(self, row: int, column: int, text: str) -> bool:
        """Write a text into a cell, "" to empty it; False if it holds a formula, which is left alone."""
        cell = self._ensure_cell(row, column)
        if cell is None or cell.find("{*}f") is not None:
            return False
        cell.attrib.pop("t", None)
        for child in list(cell):
            cell.remove(child)
        if text:
            cell.set("t", "inlineStr")
            inline = cell.makeelement(qualify_tag(self._root, "is"))
            text_element = inline.makeelement(qualify_tag(self._root, "t"))
            text_element.text = text
            inline.append(text_element)
            cell.append(inline)
        return True

    def write_row(self, number: int, texts: Mapping[int, str]) -> None:
        """Write texts by column into a row, which is created if it is missing."""
        if number not in self._rows:
            data = self._root.find("{*}sheetData")
            row = data.makeelement(qualify_tag(self._root, "row"), {"r": str(number)})
            below = min((other for other in self._rows if other > number), default=None)
            if below is None:
                data.append(row)
            else:
                self._rows[below].addprevious(row)
            self._rows[number] = row
            dimension = self._root.find("{*}dimension")  # optional, and wrong now
            if dimension is not None:
                self._root.remove(dimension)
        for column, text in sorted(texts.items()):
            self.write(number, column, text)

    def widen(self, column: int, width: int) -> None:
        """Set the width of a column that has none; the optional element `dimension` is removed."""
        dimension = self._root.find("{*}dimension")
        if dimension is not None:
            self._root.remove(dimension)
        spans = self._root.find("{*}cols")
        if spans is None:
            spans = self._root.makeelement(qualify_tag(self._root, "cols"))
            self._root.find("{*}sheetData").addprevious(spans)
        if self._find_column_span(column) is not None:
            return
        at = sum(int(span.get("min")) <= column for span in spans)
        number = str(column + 1)
        attributes = {"min": number, "max": number, "width": str(width), "customWidth": "1"}
        spans.insert(at, spans.makeelement(qualify_tag(self._root, "col"), attributes))

    def get_width(self, column: int) -> float:
        """Return the width of a column in characters."""
        span = self._find_column_span(column)
        return _DEFAULT_WIDTH if span is None else float(span.get("width") or _DEFAULT_WIDTH)

    def heighten(self, row: int, points: float) -> None:
        """Raise a row to `points` unless it has a custom height; LibreOffice does not fit rows by itself."""
        row_element = self._rows.get(row)
        if row_element is None or row_element.get("customHeight") in {"1", "true"}:
            return
        if points > max(float(row_element.get("ht") or 0), _DEFAULT_HEIGHT):
            row_element.set("ht", f"{points:g}")
            row_element.set("customHeight", "1")

    def _find_column_span(self, column: int) -> Element | None:
        spans = self._root.iterfind("{*}cols/{*}col")
        return next((s for s in spans if int(s.get("min")) <= column + 1 <= int(s.get("max"))), None)

    def _find_cell(self, row: int, column: int) -> Element | None:
        row_element = self._rows.get(row)
        if row_element is None:
            return None
        name = format_cell_name(column, row)
        return next((cell for cell in _name_cells(row_element, row) if cell.get("r") == name), None)

    def _ensure_cell(self, row: int, column: int) -> Element | None:
        """Return the cell, created in column order if it is missing; None if the sheet has no such row."""
        if (existing := self._find_cell(row, column)) is not None:
            return existing
        row_element = self._rows.get(row)
        if row_element is None:
            return None
        style = self.get_style(row, column)
        row_element.attrib.pop("spans", None)  # an optional hint that a new cell may make wrong
        cells = _name_cells(row_element, row)
        cell = row_element.makeelement(qualify_tag(self._root, "c"), {"r": format_cell_name(column, row)})
        if style:
            cell.set("s", str(style))
        after = next((other for other in cells if parse_column(other.get("r")) > column), None)
        if after is not None:
            after.addprevious(cell)
        elif cells:
            cells[-1].addnext(cell)
        else:
            row_element.insert(0, cell)
        return cell


def parse_column(name: str) -> int:
    """Return the column of a cell's name, counted from 0: "D12" is 3."""
    number = 0
    for letter in name.rstrip(_DIGITS).upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _name_cells(row_element: Element, row: int) -> list[Element]:
    """Return a row's cells, adding missing names: a cell without one follows the cell before (§18.3.1.4)."""
    cells = list(row_element.iterfind("{*}c"))
    column = -1
    for cell in cells:
        column = parse_column(cell.get("r")) if cell.get("r") else column + 1
        if not cell.get("r"):
            cell.set("r", f"{format_column_letters(column)}{row}")
    return cells
