"""Days by which agencies report, as one value of a draft: "year 15/12; quarter 20" (canonical)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, get_args

from kpis.language.messages import LANGUAGES, Language, translate
from kpis.language.normalization import clean, fold
from kpis.plan_import.review.draft.model import ReviewError
from kpis.register.model import ReportedPart, ReportingDay

OCCASIONS: Mapping[str, str] = {
    "year": "each year", "next_year": "each year, in the next year", "half_year": "each half-year",
    "quarter": "each quarter", "month": "each month", "next_half_year": "each half-year, in the next year",
    "next_quarter": "each quarter, in the next year", "next_month": "each month, in the next year",
}  # fmt: skip
"""Catalogue keys of what a day is for; without one it is for the year."""
_OCCASION_PARTS: Mapping[str, ReportedPart] = {part: part for part in get_args(ReportedPart)}
_ITEM = re.compile(r"(?P<label>.*?)[\s:]*(?P<day>[0-9]{1,2})(?:/(?P<month>[0-9]{1,2}))?")
_LEAP_YEAR = 2024
_NEXT = "next_"


class DecidedDay(NamedTuple):
    """One day: `occasion` of OCCASIONS, `day` as "15/12", or as "20" of the last month of a quarter."""

    occasion: str
    day: str


def list_days(text: str) -> list[DecidedDay]:
    """Return the days of a canonical text."""
    return [DecidedDay(*part.split(" ")) for part in text.split("; ") if part]


def build_reporting_days(text: str) -> list[ReportingDay]:
    """Return the days of a canonical text as the register has them."""
    return [
        ReportingDay(item.day, _OCCASION_PARTS[item.occasion.removeprefix(_NEXT)], item.occasion.startswith(_NEXT))
        for item in list_days(text)
    ]


def to_days_text(days: Iterable[ReportingDay]) -> str:
    """Return proposed days as canonical text, each once."""
    items = (f"{_NEXT if day.next_year else ''}{day.of} {day.day}" for day in days)
    return "; ".join(dict.fromkeys(items))


def format_days(text: str, lang: Language) -> str:
    """Return a canonical text as a person reads and types it."""
    return "; ".join(f"{translate(lang, OCCASIONS[item.occasion])}: {item.day}" for item in list_days(text))


def parse_days(text: str) -> str:
    """Return what a person typed as canonical text. Raises ReviewError."""
    return "; ".join(dict.fromkeys(f"{item.occasion} {item.day}" for item in _parse_items(text)))


def _parse_items(text: str) -> Iterator[DecidedDay]:
    for part in re.split(r"[;\n]", text):
        if not (item := clean(part)):
            continue
        match = _ITEM.fullmatch(item)
        occasion = _find_occasion(match["label"]) if match else None
        day = _read_day(match["day"], match["month"]) if match else None
        if occasion is None or day is None or ("/" not in day and (occasion == "year" or occasion.startswith(_NEXT))):
            raise ReviewError(
                "“{text}” is no reporting day; write it like “{example}”", text=item,
                example=format_days("year 15/12; quarter 20", "vi"),
            )  # fmt: skip
        yield DecidedDay(occasion, day)


def _find_occasion(label: str) -> str | None:
    if not label.strip():
        return "year"
    for code, key in OCCASIONS.items():
        if fold(label) in {fold(code), *(fold(translate(lang, key)) for lang in LANGUAGES)}:
            return code
    return None


def _read_day(day: str, month: str | None) -> str | None:
    try:
        real = date(_LEAP_YEAR, int(month or 1), int(day))
    except ValueError:
        return None
    return f"{real:%d/%m}" if month else f"{real:%d}"
