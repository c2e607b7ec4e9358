"""The cells of a worksheet part to be changed: found by row and column (ECMA-376 part 1, §18.3)."""

from __future__ import annotations

from collections.abc import Callable

from kpis.feedback.xlsx.patch import Element, qualify_tag
from kpis.sheet.cells import format_cell_name, format_column_letters

_DIGITS = "0123456789"
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 8.43, 15.0  # of a sheet that says nothing else


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
        """The style number of a cell: its own, its row's, its column's, or 0."""
        found = self._find_cell(row, column)
        if found is not None:
            return int(found.get("s") or 0)
        line = self._rows.get(row)
        if line is not None and line.get("customFormat") in {"1", "true"}:
            return int(line.get("s") or 0)
        for span in self._root.iterfind("{*}cols/{*}col"):
            if int(span.get("min")) <= column + 1 <= int(span.get("max")):
                return int(span.get("style") or 0)
        return 0

    def set_style(self, row: int, column: int, style: int) -> None:
        """Give a cell a style; the cell is made where there is none."""
        if (cell := self._ensure_cell(row, column)) is not None:
            cell.set("s", str(style))

    def restyle(self, change_style: Callable[[int], int]) -> None:
        """Give every cell the style that `changed` makes of its own."""
        for row in self._rows.values():
            for cell in row.iterfind("{*}c[@s]"):
                style = int(cell.get("s"))
                if (other := change_style(style)) != style:
                    cell.set("s", str(other))

    def write(self, row: int, column: int, text: str) -> bool:
        """Put a text into a cell, "" empties it; False where a formula stands there, which is left alone."""
        cell = self._ensure_cell(row, column)
        if cell is None or cell.find("{*}f") is not None:
            return False
        cell.attrib.pop("t", None)
        for child in list(cell):
            cell.remove(child)
        if text:
            cell.set("t", "inlineStr")
            inline = cell.makeelement(qualify_tag(self._root, "is"))
            written = inline.makeelement(qualify_tag(self._root, "t"))
            written.text = text
            inline.append(written)
            cell.append(inline)
        return True

    def widen(self, column: int, width: int) -> None:
        """Give a column a width, unless it has one; `dimension`, a mere hint, is left out."""
        dimension = self._root.find("{*}dimension")
        if dimension is not None:
            self._root.remove(dimension)
        spans = self._root.find("{*}cols")
        if spans is None:
            spans = self._root.makeelement(qualify_tag(self._root, "cols"))
            self._root.find("{*}sheetData").addprevious(spans)
        if any(int(span.get("min")) <= column + 1 <= int(span.get("max")) for span in spans):
            return
        at = sum(int(span.get("min")) <= column for span in spans)
        number = str(column + 1)
        attributes = {"min": number, "max": number, "width": str(width), "customWidth": "1"}
        spans.insert(at, spans.makeelement(qualify_tag(self._root, "col"), attributes))

    def get_width(self, column: int) -> float:
        """How many characters wide a column is."""
        for span in self._root.iterfind("{*}cols/{*}col"):
            if int(span.get("min")) <= column + 1 <= int(span.get("max")):
                return float(span.get("width") or _DEFAULT_WIDTH)
        return _DEFAULT_WIDTH

    def heighten(self, row: int, points: float) -> None:
        """Make a row so high, unless it has a height of its own: only Excel measures rows by itself."""
        line = self._rows.get(row)
        if line is None or line.get("customHeight") in {"1", "true"}:
            return
        if points > max(float(line.get("ht") or 0), _DEFAULT_HEIGHT):
            line.set("ht", f"{points:g}")
            line.set("customHeight", "1")

    def _find_cell(self, row: int, column: int) -> Element | None:
        line = self._rows.get(row)
        wanted = format_cell_name(column, row)
        return (
            None if line is None else next((c for c in _name_cells(line, row) if c.get("r") == wanted), None)
        )

    def _ensure_cell(self, row: int, column: int) -> Element | None:
        """The cell, made in its place among its row's cells; None where the sheet has no such row."""
        if (found := self._find_cell(row, column)) is not None:
            return found
        line = self._rows.get(row)
        if line is None:
            return None
        style = self.get_style(row, column)
        line.attrib.pop("spans", None)  # a hint that a new cell may make wrong
        cells = _name_cells(line, row)
        cell = line.makeelement(qualify_tag(self._root, "c"), {"r": format_cell_name(column, row)})
        if style:
            cell.set("s", str(style))
        after = next((other for other in cells if parse_column(other.get("r")) > column), None)
        if after is not None:
            after.addprevious(cell)
        elif cells:
            cells[-1].addnext(cell)
        else:
            line.insert(0, cell)
        return cell


def parse_column(name: str) -> int:
    """The column of a cell's name, counted from 0: "D12" is 3."""
    number = 0
    for letter in name.rstrip(_DIGITS).upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _name_cells(line: Element, row: int) -> list[Element]:
    """A row's cells. Some programs leave their names out: they then stand one after the other (§18.3.1.4)."""
    cells = list(line.iterfind("{*}c"))
    column = -1
    for cell in cells:
        column = parse_column(cell.get("r")) if cell.get("r") else column + 1
        if not cell.get("r"):
            cell.set("r", f"{format_column_letters(column)}{row}")
    return cells
