"""The only parser of days: date cells, serial numbers and four ways of writing a day (design.md §4).

Where the design leaves it open: a text of five digits is a serial number (a CSV file cannot write one in
another way); a time of day may follow after a space, a `T` or a comma, or precede (`08:30 15/03/2026`), with
AM, PM, SA or CH; a time with a time zone is rejected, because the day may differ; `2026-3-5` is none of the
accepted forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpis.sheet.cells import DAYS_FROM_1900_TO_1904, convert_serial_day
from kpis.sheet.model import Cell

DateProblem = Literal["missing", "formula_error", "unreadable"]
DateReason = Literal["", "calendar", "year", "number", "format", "words", "marked", "no_day"]

FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050  # 1/1/2000 to 31/12/2099, counted from 1900

_HOURS, _MINUTES_OR_SECONDS = "(?:[01]?[0-9]|2[0-3])", "[0-5][0-9]"
_TIME_OF_DAY = (
    rf":{_MINUTES_OR_SECONDS}(?::{_MINUTES_OR_SECONDS}(?:[.,][0-9]+)?)?"
    r"(?: ?(?:[AaPp][Mm]|[Ss][Aa]|[Cc][Hh]))?"
    rf"|[hg](?:{_MINUTES_OR_SECONDS})?"
)
_TIME_PREFIX = re.compile(rf"{_HOURS}(?:{_TIME_OF_DAY}),? +(?=[0-9])")
_TIME_SUFFIX = rf"(?:(?:,? +|T){_HOURS}(?:{_TIME_OF_DAY}))?"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME_SUFFIX}")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_TIME_SUFFIX}")
_SERIAL = re.compile(r"[0-9]{5}")
_WITHOUT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2})?")


@dataclass(frozen=True, slots=True)
class InvalidDay:
    """Why a cell is not a day; `reason` selects the sentence if `problem` is unreadable."""

    problem: DateProblem
    reason: DateReason = ""


def read_day(cell: Cell, *, date1904: bool = False) -> date | InvalidDay:
    """Return the day a cell holds. `date1904`: the workbook's bare numbers count from 1904."""
    if cell.has_marked_runs:
        return InvalidDay("unreadable", "marked")
    match cell.kind, cell.value:
        case "empty", _:
            return InvalidDay("missing")
        case "error", _:
            return InvalidDay("formula_error")
        case "date", date() as day:
            return day if cell.shown_text is None else InvalidDay("unreadable", "no_day")
        case "number", float() as value:
            return _parse_serial(value, date1904)
        case "text", _:
            return _parse_text(cell.text, date1904)
        case _:
            return InvalidDay("unreadable", "format")


def is_text_after_12th(cell: Cell) -> bool:
    """True for a text d/m/yyyy or d-m-yyyy whose day is after the 12th: no machine reads it month first."""
    match = _DAY_FIRST.fullmatch(cell.text) if cell.kind == "text" else None
    if match is None or match[2] == "." or int(match[1]) <= 12:
        return False
    return isinstance(_make_day(match[4], match[3], match[1]), date)


def _parse_serial(value: float, date1904: bool) -> date | InvalidDay:
    from_1900 = value + (DAYS_FROM_1900_TO_1904 if date1904 else 0)
    day = convert_serial_day(from_1900) if FIRST_SERIAL <= from_1900 < LAST_SERIAL + 1 else None
    return day or InvalidDay("unreadable", "number")


def _parse_text(text: str, date1904: bool) -> date | InvalidDay:
    if prefix := _TIME_PREFIX.match(text):
        text = text[prefix.end() :]
        if ":" in text:  # two times of day
            return InvalidDay("unreadable", "words")
    if match := _DAY_FIRST.fullmatch(text):
        return _make_day(match[4], match[3], match[1])
    if match := _YEAR_FIRST.fullmatch(text):
        return _make_day(match[1], match[2], match[3])
    if _SERIAL.fullmatch(text):
        return _parse_serial(float(text), date1904)
    return InvalidDay("unreadable", "year" if _WITHOUT_YEAR.fullmatch(text) else "words")


def _make_day(year: str, month: str, day: str) -> date | InvalidDay:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 31/02/2026: well written, but not in the calendar
        return InvalidDay("unreadable", "calendar")
