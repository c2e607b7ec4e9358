"""One cell, from whatever source: made here alone, so that equal content gives equal cells (design.md §4)."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kpis.language.normalization import clean, fold_clean
from kpis.sheet.model import Cell, CellKind

EMPTY: Final = Cell("empty", None, "")

_LAST_DAY_1900 = 2_958_465  # 31/12/9999 counted from 30/12/1899
_DAYS_1904 = 1_462
_ERROR = re.compile(
    r"#(?:REF!|VALUE!|NAME\?|NUM!|NULL!|DIV/0!|N/A|ERROR!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|PYTHON!|EXTERNAL!|TIMEOUT!|GETTING_DATA)|Err:[0-9]{3}"
)
_LOADING = {f"{word}{dots}" for word in ("loading", "đang tải") for dots in ("…", "...")}


def text_cell(text: str) -> Cell:
    """A cell of text; empty once cleaned, an error where it spells one (#REF!), loading where it says so."""
    cleaned = clean(text)
    if not cleaned:
        return EMPTY
    if cleaned[0] in "#E" and _ERROR.fullmatch(cleaned):
        return error_cell(cleaned)
    if cleaned[0] in "LlĐđÐð" and fold_clean(cleaned) in _LOADING:
        return Cell("loading", cleaned, cleaned)
    return Cell("text", cleaned, cleaned)


def error_cell(shown: str) -> Cell:
    """A cell in error: `shown` is its sign (#N/A), or the formula that has no stored value."""
    cleaned = clean(shown)
    return Cell("error", cleaned, cleaned)


def number_cell(value: float) -> Cell:
    """A cell that holds a plain number."""
    value = float(value)  # an int, which a type lets pass, has no is_integer on Python 3.11
    return Cell("number", value, _plain(value)) if math.isfinite(value) else error_cell("#NUM!")


def percent_cell(value: float) -> Cell:
    """A number shown as a percentage: 0.5 is "50%"."""
    if not math.isfinite(value):
        return error_cell("#NUM!")
    shown = (Decimal(repr(value)) * 100).normalize()
    return Cell("percent", value, f"{shown:f}".replace(".", ",") + "%")


def time_cell(value: float) -> Cell:
    """A number shown as a time of day or a length of time, in days; also a date outside every calendar."""
    if not math.isfinite(value):
        return error_cell("#NUM!")
    if not 0 <= value <= _LAST_DAY_1900:
        return Cell("time", value, _plain(value))
    minutes = round(value * 1440)
    return Cell("time", value, f"{minutes // 60:02}:{minutes % 60:02}")


def date_cell(day: date) -> Cell:
    """A cell shown as a date (with or without a time of day, which is dropped)."""
    return Cell("date", day, f"{day.day:02}/{day.month:02}/{day.year:04}")


def serial_date_cell(value: float, *, date1904: bool = False) -> Cell:
    """A number shown as a date, counted from 1900 (or 1904); one that is no day is a `time_cell`."""
    day = day_of_serial(value, date1904=date1904)
    return time_cell(value) if day is None else date_cell(day)


def boolean_cell(value: bool) -> Cell:
    """A tick box or a logical value."""
    return Cell("boolean", value, "TRUE" if value else "FALSE")


def day_of_serial(value: float, *, date1904: bool = False) -> date | None:
    """The day a spreadsheet counts as `value`, its time of day dropped; None where there is no such day.

    Counted from 30/12/1899 as if 29/2/1900 had been, so days 1 to 59 are one later (ECMA-376, 18.17.4.1).
    """
    if not math.isfinite(value):
        return None
    days = math.floor(value) + (_DAYS_1904 if date1904 else 0)
    if not 1 <= days <= _LAST_DAY_1900 or days == 60:
        return None
    return date(1899, 12, 30) + timedelta(days=days + (1 if days < 60 else 0))


def stored_cell(kind: CellKind, value: str | float | bool | None) -> Cell:
    """The cell of a `kind` and a JSON value (a date is ISO text); ValueError when they do not fit."""
    match kind, value:
        case "empty", None:
            return EMPTY
        case "text", str():
            return Cell("text", value, value)
        case "loading", str():
            return Cell("loading", value, value)
        case "error", str():
            return Cell("error", value, value)
        case "date", str():
            return date_cell(date.fromisoformat(value))
        case "boolean", bool():
            return boolean_cell(value)
        case "number", int() | float():
            return number_cell(float(value))
        case "percent", int() | float():
            return percent_cell(float(value))
        case "time", int() | float():
            return time_cell(float(value))
        case _:
            raise ValueError(f"{kind} {value!r}")


def column_letters(index: int) -> str:
    """The name of a column counted from 0: 0 is "A", 26 is "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(column: int, row: int) -> str:
    """A cell as people name it: column 3 counted from 0 and row 12 are "D12"."""
    return f"{column_letters(column)}{row}"


def _plain(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value).replace(".", ",")
