"""Builds the cells of every kind of source, so that equal content gives equal cells (design.md §4)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kpis.language.normalization import clean, fold_cleaned
from kpis.sheet.model import Cell, CellKind

EMPTY_CELL: Final = Cell("empty", None, "")
PICTURE_TEXT: Final = "(ảnh)"
"""The text of a cell that holds a picture or a chip; in sheets of both languages."""
_MARK_NAMES = ("is_struck", "has_marked_runs", "sums_own_column")

_LAST_DAY_1900 = 2_958_465  # 31/12/9999 counted from 30/12/1899
DAYS_FROM_1900_TO_1904: Final = 1_462
"""Days between the starts of the two calendars of Excel."""
_ERROR_PATTERN = re.compile(
    r"#(?:REF!|VALUE!|NAME\?|NUM!|NULL!|DIV/0!|N/A|ERROR!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|PYTHON!|EXTERNAL!|TIMEOUT!|GETTING_DATA)|Err:[0-9]{3}"
)
_LOADING_TEXTS = {f"{word}{dots}" for word in ("loading", "đang tải") for dots in ("…", "...")}


def make_text_cell(text: str) -> Cell:
    """Return a cell of text; empty, error (#REF!) or loading (Loading…) if that is what the text says."""
    cleaned = clean(text)
    if not cleaned:
        return EMPTY_CELL
    if cleaned[0] in "#E" and _ERROR_PATTERN.fullmatch(cleaned):
        return make_error_cell(cleaned)
    if cleaned[0] in "LlĐđÐð" and fold_cleaned(cleaned) in _LOADING_TEXTS:
        return Cell("loading", cleaned, cleaned)
    return Cell("text", cleaned, cleaned)


def make_error_cell(text: str) -> Cell:
    """Return an error cell; `text` is its code (#N/A), or the formula that has no stored value."""
    cleaned = clean(text)
    return Cell("error", cleaned, cleaned)


def make_number_cell(value: float) -> Cell:
    """Return a cell of a plain number at the 15 digits that Excel compares: 7.000000000000001 is 7."""
    if not math.isfinite(value):
        return make_error_cell("#NUM!")
    value = float(f"{value:.15g}")
    return Cell("number", value, _format_number(value))


def make_percent_cell(value: float) -> Cell:
    """Return a number shown as a percentage: 0.5 is "50%"."""
    if not math.isfinite(value):
        return make_error_cell("#NUM!")
    percentage = (Decimal(repr(value)) * 100).normalize()
    return Cell("percent", value, f"{percentage:f}".replace(".", ",") + "%")


def make_time_cell(value: float) -> Cell:
    """Return a number of days shown as a time of day or duration, or as a date outside the calendar."""
    if not math.isfinite(value):
        return make_error_cell("#NUM!")
    if not 0 <= value <= _LAST_DAY_1900:
        return Cell("time", value, _format_number(value))
    minutes = round(value * 1440)
    return Cell("time", value, f"{minutes // 60:02}:{minutes % 60:02}")


def make_date_cell(day: date) -> Cell:
    """Return a cell shown as a date, with or without a time of day."""
    return Cell("date", day, f"{day.day:02}/{day.month:02}/{day.year:04}")


def make_serial_date_cell(value: float, *, date1904: bool = False) -> Cell:
    """Return the cell of a serial number shown as a date; a time cell if there is no such day."""
    day = convert_serial_day(value, date1904=date1904)
    return make_time_cell(value) if day is None else make_date_cell(day)


def make_boolean_cell(value: bool) -> Cell:
    """Return a cell of a tick box or logical value."""
    return Cell("boolean", value, "TRUE" if value else "FALSE")


def convert_serial_day(value: float, *, date1904: bool = False) -> date | None:
    """Return the day of a serial number, without its time of day; None if there is no such day.

    Counted from 30/12/1899 as if 29/2/1900 existed, so days 1 to 59 are one later (ECMA-376, 18.17.4.1).
    """
    if not math.isfinite(value):
        return None
    days = math.floor(value) + (DAYS_FROM_1900_TO_1904 if date1904 else 0)
    if not 1 <= days <= _LAST_DAY_1900 or days == 60:
        return None
    return date(1899, 12, 30) + timedelta(days=days + (1 if days < 60 else 0))


def make_picture_cell() -> Cell:
    """Return the cell of a picture or chip that has no text: something stands there, but nothing to read."""
    return Cell("text", PICTURE_TEXT, PICTURE_TEXT)


def list_marks(cell: Cell) -> dict[str, str | bool]:
    """Return the fields that say how a cell looks, without those that have their default; as JSON values."""
    marks: dict[str, str | bool] = {} if cell.shown_text is None else {"shown": cell.shown_text}
    return marks | {name: True for name in _MARK_NAMES if getattr(cell, name)}


def restore_cell(kind: CellKind, value: str | float | bool | None, marks: Mapping[str, object] | None = None) -> Cell:
    """Return the cell of a `kind`, a JSON value (a date as ISO text) and what `list_marks` returned.

    Raises ValueError if they do not match; marks that this release does not know are left out.
    """
    cell = _restore_unmarked(kind, value)
    if not marks:
        return cell
    shown_text = marks.get("shown")
    return replace(
        cell,
        shown_text=shown_text if isinstance(shown_text, str) else None,
        is_struck=marks.get("is_struck") is True,
        has_marked_runs=marks.get("has_marked_runs") is True,
        sums_own_column=marks.get("sums_own_column") is True,
    )


def _restore_unmarked(kind: CellKind, value: str | float | bool | None) -> Cell:
    match kind, value:
        case "empty", None:
            return EMPTY_CELL
        case "text", str():
            return Cell("text", value, value)
        case "loading", str():
            return Cell("loading", value, value)
        case "error", str():
            return Cell("error", value, value)
        case "date", str():
            return make_date_cell(date.fromisoformat(value))
        case "boolean", bool():
            return make_boolean_cell(value)
        case "number", int() | float():
            return make_number_cell(float(value))
        case "percent", int() | float():
            return make_percent_cell(float(value))
        case "time", int() | float():
            return make_time_cell(float(value))
        case _:
            raise ValueError(f"{kind} {value!r}")


def format_column_letters(index: int) -> str:
    """Return the letters of a column counted from 0: 0 is "A", 26 is "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def format_cell_name(column: int, row: int) -> str:
    """Return the name of a cell: column 3 (counted from 0) and row 12 are "D12"."""
    return f"{format_column_letters(column)}{row}"


def _format_number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{Decimal(repr(value)).normalize():f}".replace(".", ",")  # never "1e+20"
