"""The one strict reader of days: date cells, serial numbers, four ways of writing (design.md §4).

Decided where the design leaves it open: a text of five digits is the same bare number that a cell would hold
(a CSV file has no other way to say it); a time of day may follow after a space, a `T` or a comma; a time with
a zone makes the day doubtful, so it is not read; `2026-3-5` has no listed form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpis.sheet.cells import day_of_serial
from kpis.sheet.model import Cell

Problem = Literal["missing", "formula_error", "unreadable"]
Reason = Literal["", "calendar", "year", "number", "format", "words"]

FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050  # 1/1/2000 to 31/12/2099, counted from 1900
_FROM_1904 = 1_462

_HOURS, _SIXTIETHS = "(?:[01]?[0-9]|2[0-3])", "[0-5][0-9]"
_CLOCK = rf":{_SIXTIETHS}(?::{_SIXTIETHS}(?:[.,][0-9]+)?)?(?: ?[AaPp][Mm])?|[hg](?:{_SIXTIETHS})?"
_TIME = rf"(?:(?:,? +|T){_HOURS}(?:{_CLOCK}))?"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_TIME}")
_SERIAL = re.compile(r"[0-9]{5}")
_NO_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2})?")


@dataclass(frozen=True, slots=True)
class NoDay:
    """Why a cell is no day; `reason` chooses the sentence where `problem` is unreadable."""

    problem: Problem
    reason: Reason = ""


def read_day(cell: Cell, *, date1904: bool = False) -> date | NoDay:
    """The day a cell holds. `date1904`: the workbook's bare numbers count from 1904."""
    match cell.kind, cell.value:
        case "empty", _:
            return NoDay("missing")
        case "error", _:
            return NoDay("formula_error")
        case "date", date() as day:
            return day
        case "number", float() as value:
            return _of_serial(value, date1904)
        case "text", _:
            return _of_text(cell.text, date1904)
        case _:
            return NoDay("unreadable", "format")


def _of_serial(value: float, date1904: bool) -> date | NoDay:
    from_1900 = value + (_FROM_1904 if date1904 else 0)
    day = day_of_serial(from_1900) if FIRST_SERIAL <= from_1900 < LAST_SERIAL + 1 else None
    return day or NoDay("unreadable", "number")


def _of_text(text: str, date1904: bool) -> date | NoDay:
    if found := _DAY_FIRST.fullmatch(text):
        return _of_numbers(found[4], found[3], found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return _of_numbers(found[1], found[2], found[3])
    if _SERIAL.fullmatch(text):
        return _of_serial(float(text), date1904)
    return NoDay("unreadable", "year" if _NO_YEAR.fullmatch(text) else "words")


def _of_numbers(year: str, month: str, day: str) -> date | NoDay:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 31/02/2026: written as a day, and no day of the calendar
        return NoDay("unreadable", "calendar")
