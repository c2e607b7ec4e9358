"""Makes the cells of one tab from their elements; cells that hold the same are one, made once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

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
from kpis.sheet.model import Cell
from kpis.sources.formulas import sums_own_column
from kpis.sources.number_formats import find_shown_day, find_shown_number
from kpis.sources.xlsx.cell_elements import CellContent, CellTags, parse_element, parse_value
from kpis.sources.xlsx.number_formats import CellFormat
from kpis.sources.xlsx.package import DamagedError
from kpis.sources.xlsx.rich_text import RichText, make_escaped_text_cell
from kpis.sources.xlsx.safe_xml import Element
from kpis.sources.xlsx.workbook_parts import WorkbookParts

_MAX_KEPT = 1 << 16
"""Cells of one style and kind that are kept: a sheet of different texts must not fill the memory."""
_GENERAL = CellFormat("number")
_PICTURE_FORMULA = re.compile(r"\b(?:IMAGE|DISPIMG)\s*\(", re.IGNORECASE)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 1/1/2000 to 31/12/2099


class _KeptCells(dict[str | None, Cell]):
    """The cells of one style and kind by their stored text: days, counts and names repeat."""

    def __init__(self, make: Callable[[str | None], Cell]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str | None) -> Cell:
        cell = self._make(text)
        if len(self) >= _MAX_KEPT:
            self.clear()
        self[text] = cell
        return cell


class _CellsByLook(dict[tuple[str | None, str | None], _KeptCells]):
    """The kept cells by style and kind, as the file writes them."""

    def __init__(self, make: Callable[[str | None, str | None, str | None], Cell]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, look: tuple[str | None, str | None]) -> _KeptCells:
        self[look] = cells = _KeptCells(partial(self._make, *look))
        return cells


class CellMaker:
    """Makes the cells of one tab of a workbook. Raises DamagedError, or what libraries raise.

    `values`: the cells that have a stored value alone and are no errors, by style and kind, then by the value.
    """

    def __init__(self, parts: WorkbookParts, tab: str) -> None:
        self._parts, self._tab = parts, tab
        self.values, self._inline_texts = _CellsByLook(self._make_value), _CellsByLook(self._make_inline_text)
        self._shared_formulas: dict[str, bool] = {}

    def make_cell(self, node: Element, tags: CellTags, column: int) -> Cell:
        """Return the cell of any element in a column, counted from 1."""
        kind = node.get("t")
        if not len(node) and kind != "e":  # an error may be a picture
            return EMPTY_CELL
        if kind == "inlineStr" and len(node) == 1 and _holds_only(node[0], tags.inline, tags.text):
            return self._inline_texts[node.get("s"), kind][node[0][0].text]
        content = parse_element(node, tags, self._parts.texts)
        cell = self._make_content_cell(content)
        if content.formula is not None and cell.kind != "empty" and self._sums_own_column(content, column):
            return replace(cell, sums_own_column=True)
        return cell

    def _make_value(self, style: str | None, kind: str | None, text: str | None) -> Cell:
        if kind == "s" and style is None and text and isinstance(cell := self._parts.texts[int(text)], Cell):
            return cell
        return self._make_content_cell(parse_value(kind or "n", text or None, int(style or 0), self._parts.texts))

    def _make_inline_text(self, style: str | None, _kind: str | None, text: str | None) -> Cell:
        return self._make_content_cell(CellContent("s", make_escaped_text_cell(text or ""), int(style or 0)))

    def _make_content_cell(self, content: CellContent) -> Cell:
        if _is_picture(content):
            return make_picture_cell()
        if content.value is None:
            if content.formula is None or content.has_empty_result:
                return EMPTY_CELL
            return make_error_cell(f"={content.formula}")
        if content.kind == "n":
            return self._make_number(content.value, content.style)
        is_struck = self._get_format(content.style).is_struck
        cell = _make_other_cell(content, font_struck=is_struck)
        takes_font = is_struck and cell.kind != "empty" and not cell.has_marked_runs
        return replace(cell, is_struck=True) if takes_font else cell

    def _make_number(self, value: float, style: int) -> Cell:
        format_ = self._get_format(style)
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

    def _sums_own_column(self, content: CellContent, column: int) -> bool:
        node = content.formula_node
        shared = node.get("si") if node is not None and node.get("t") == "shared" else None
        if shared is not None and not content.formula:  # the formula stands in the first cell of its area
            return self._shared_formulas.get(shared, False)
        result = sums_own_column(content.formula or "", column, self._tab, self._parts.package.names)
        if shared is not None:
            self._shared_formulas[shared] = result
        return result


def _make_other_cell(content: CellContent, *, font_struck: bool) -> Cell:
    match content.kind, content.value:
        case "s", RichText() as text:
            return text.resolve(font_struck=font_struck)
        case "s", Cell() as cell:
            return cell
        case "b", value:
            return make_boolean_cell(value)
        case "e", value:
            return make_error_cell(value)
        case "d", value:
            return _make_iso_cell(value)
        case kind, _:
            raise DamagedError(f"a cell is of the kind {kind}")


def _holds_only(node: Element, tag: str, child_tag: str) -> bool:
    return node.tag == tag and len(node) == 1 and node[0].tag == child_tag


def _is_picture(content: CellContent) -> bool:
    """True for a picture in a cell, stored as an error with rich data, or as a formula of Excel or WPS."""
    if content.formula and _PICTURE_FORMULA.search(content.formula):
        return True
    return content.kind == "e" and content.has_rich_data and content.formula is None


def _make_iso_cell(value: object) -> Cell:
    """Return the cell of a date in a "Strict" file, which stores dates as text."""
    match value:
        case datetime():
            return make_date_cell(value.date())
        case date():
            return make_date_cell(value)
        case _:
            return make_text_cell(str(value))
