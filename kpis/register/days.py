"""Days of every year: `dd/mm` in the register's files and in print, `MM-DD` within the product, which sorts them."""

from __future__ import annotations

import re
from datetime import date

DAY_PACE = "on:"
"""What a pace of one day begins with, before the day."""


def parse_year_day(value: object) -> str | None:
    """Return "12-15" for "15/12"; None for anything else, and for 29/02, which most years do not have."""
    match = re.fullmatch(r"([0-9]{2})/([0-9]{2})", value) if isinstance(value, str) else None
    return _build_month_day(int(match[2]), int(match[1])) if match else None


def format_year_day(month_day: str) -> str:
    """Return "15/12" for "12-15"."""
    month, day = month_day.split("-")
    return f"{day}/{month}"


def format_pace(pace: str) -> str:
    """Return "on:15/03" for "on:03-15"; other paces as they are."""
    return f"{DAY_PACE}{format_year_day(pace.removeprefix(DAY_PACE))}" if pace.startswith(DAY_PACE) else pace


def suggest_year_day(value: object) -> str | None:
    """Return how a refused day is most likely meant, as "15/12": from "12-15", "12/15", "5/3", a TOML date."""
    if isinstance(value, date):
        value = f"{value.month}-{value.day}"
    match = re.fullmatch(r"\s*([0-9]{1,2})\s*([-/.])\s*([0-9]{1,2})\s*", value) if isinstance(value, str) else None
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    # A hyphen was the register's own form, month first; a slash or full stop is day first.
    orders = [(first, second), (second, first)] if match[2] == "-" else [(second, first), (first, second)]
    days = [month_day for month, day in orders if (month_day := _build_month_day(month, day))]
    return format_year_day(days[0]) if days else None


def _build_month_day(month: int, day: int) -> str | None:
    try:
        return f"{date(2001, month, day):%m-%d}"
    except ValueError:
        return None
