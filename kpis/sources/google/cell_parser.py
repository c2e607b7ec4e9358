"""Builds the cell of Google's CellData: its effective value, and how it looks on screen (design.md §4)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kpis.sheet import cells
from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.model import Cell
from kpis.sources.formulas import sums_own_column
from kpis.sources.number_formats import classify_code, find_shown_day, find_shown_number

_EPOCH = date(1899, 12, 30)
_ERROR_TEXTS = {
    "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
    "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading…",
}  # fmt: skip
_PICTURE_FORMULA = re.compile(r"=\s*IMAGE\s*\(", re.IGNORECASE)


def parse_cell(data: Mapping[str, Any], column: int = 1, tab: str = "") -> Cell:
    """Return the cell of a CellData in `column` (from 1) of a tab."""
    formula = (data.get("userEnteredValue") or {}).get("formulaValue")
    if formula and _PICTURE_FORMULA.match(formula):
        return cells.make_picture_cell()
    cell = _parse_value(data)
    if cell is EMPTY_CELL:
        return cell
    if formula and sums_own_column(formula.removeprefix("="), column, tab):
        cell = replace(cell, sums_own_column=True)
    return _mark_struck(cell, data)


def _parse_value(data: Mapping[str, Any]) -> Cell:
    value = data.get("effectiveValue")
    if not value:
        return EMPTY_CELL
    if "stringValue" in value:
        return cells.make_text_cell(value["stringValue"])
    if "numberValue" in value:
        number_format = (data.get("effectiveFormat") or {}).get("numberFormat") or {}
        return _parse_number(float(value["numberValue"]), number_format.get("type"), number_format.get("pattern") or "")
    if "boolValue" in value:
        return cells.make_boolean_cell(value["boolValue"])
    if "errorValue" in value:
        text = _ERROR_TEXTS.get(value["errorValue"].get("type", ""), "#ERROR!")
        return cells.make_text_cell(text) if text == _ERROR_TEXTS["LOADING"] else cells.make_error_cell(text)
    return EMPTY_CELL


def _parse_number(value: float, format_type: str | None, pattern: str) -> Cell:
    match format_type:
        case "DATE" | "DATE_TIME":
            return _parse_date(value, pattern)
        case "TIME":
            return cells.make_time_cell(value)
        case "PERCENT":
            return cells.make_percent_cell(value)
    if pattern and classify_code(pattern) == "percent":
        return cells.make_percent_cell(value)
    cell = cells.make_number_cell(value)
    if not pattern or not isinstance(cell.value, float):
        return cell
    shown_text = find_shown_number(cell.value, pattern)
    return cell if shown_text is None else replace(cell, shown_text=shown_text)


def _parse_date(value: float, pattern: str) -> Cell:
    """Return a date, counted from 30/12/1899 without Excel's 29/2/1900; a time cell outside the calendar."""
    try:
        day = _EPOCH + timedelta(days=math.floor(value))
    except (ValueError, OverflowError):
        return cells.make_time_cell(value)
    shown_text = find_shown_day(day, pattern) if pattern else None
    return replace(cells.make_date_cell(day), shown_text=shown_text)


def _mark_struck(cell: Cell, data: Mapping[str, Any]) -> Cell:
    """Return the cell with what people have struck through: the whole of it, or part of its text."""
    text_format = (data.get("userEnteredFormat") or {}).get("textFormat") or {}
    is_struck = text_format.get("strikethrough") is True
    runs = data.get("textFormatRuns")
    if not runs:
        return replace(cell, is_struck=True) if is_struck else cell
    struck = list(_list_struck_parts(data, runs, is_struck))
    if struck and all(struck):
        return replace(cell, is_struck=True)
    return replace(cell, has_marked_runs=True) if any(struck) else cell


def _list_struck_parts(data: Mapping[str, Any], runs: list[Mapping[str, Any]], is_struck: bool) -> Iterator[bool]:
    """Yield for each run of the text that is not blank whether it is struck; a run inherits from the cell."""
    text = str((data.get("effectiveValue") or {}).get("stringValue", ""))
    units = text.encode("utf-16-le")  # indexes count UTF-16 units
    starts = [run.get("startIndex", 0) for run in runs]
    marks = [(run.get("format") or {}).get("strikethrough", is_struck) is True for run in runs]
    if starts[0] > 0:
        starts, marks = [0, *starts], [is_struck, *marks]
    for start, end, mark in zip(starts, [*starts[1:], len(units) // 2], marks, strict=True):
        if units[2 * start : 2 * end].decode("utf-16-le", "replace").strip():
            yield mark
