"""The days by which agencies report: as a plan's header names them, and on which dates they are (design.md §3)."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import get_args

from kpis.register.days import format_year_day, parse_year_day
from kpis.register.model import ReportedPart, ReportingDay
from kpis.register.record import Record

FORMER_REPORTING_DAY = "reporting_day"
"""The field that `reporting_days` replaces; versions of plans that were accepted with it are read as before."""

_FIELDS = ("day", "of", "next_year")
_LAST_MONTHS: dict[ReportedPart, tuple[int, ...]] = {
    "year": (12,), "half_year": (6, 12), "quarter": (3, 6, 9, 12), "month": tuple(range(1, 13)),
}  # fmt: skip
_DAY_OF_MONTH = re.compile(r"0[1-9]|[12][0-9]|3[01]")


def build_reporting_days(record: Record) -> tuple[ReportingDay, ...]:
    """Return the reporting days of a plan's header; faults name what would be right."""
    if FORMER_REPORTING_DAY in record.values:
        day = record.read_optional_year_day(FORMER_REPORTING_DAY)
        if day is not None:
            right = f'reporting_days = [{{ day = "{format_year_day(day)}", of = "year" }}]'
            record.add_fault(FORMER_REPORTING_DAY, "was replaced; write {right}", right=right)
    days = tuple(_build_day(item) for item in record.read_tables("reporting_days", _FIELDS))
    if sum(day.of == "year" for day in days) > 1:
        record.add_fault("reporting_days", "has two days of the year; targets and tasks can be due on one only")
    elif len(set(days)) < len(days):
        record.add_fault("reporting_days", "names one day twice")
    return days


def _build_day(record: Record) -> ReportingDay:
    of, next_year = record.read_choice("of", get_args(ReportedPart)), record.read_flag("next_year")
    day = record.read_text("day")
    if _DAY_OF_MONTH.fullmatch(day) and of != "year":
        if next_year:
            record.add_fault("day", "next_year needs the day and the month, as “dd/mm”")
    elif day and parse_year_day(day) is None:
        if of == "year" or "/" in day:
            record.parse_year_day("day", day)
        else:
            record.add_fault("day", "must be a day of the last month like “05” or “20”, or a day as “dd/mm”")
    return ReportingDay(day, of, next_year)


def list_dates(day: ReportingDay, year: int) -> Iterator[date]:
    """Yield the dates by which agencies report on a year; the day "31" is the last one of every month."""
    if "/" in day.day:
        number, _, in_month = day.day.partition("/")
        yield date(year + day.next_year, int(in_month), int(number))
        return
    for month in _LAST_MONTHS[day.of]:
        yield date(year, month, min(int(day.day), monthrange(year, month)[1]))


def serialize(days: tuple[ReportingDay, ...]) -> str | None:
    """Return reporting days as JSON for a column of the database; None for none."""
    return json.dumps([asdict(day) for day in days]) if days else None


def deserialize(text: object) -> tuple[ReportingDay, ...]:
    """Return the reporting days of such a column."""
    return tuple(ReportingDay(**item) for item in json.loads(text)) if isinstance(text, str) else ()
