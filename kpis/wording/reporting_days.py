"""The days by which agencies report, in words, and how long it is until then (design.md §5 due_on)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.register.days import parse_year_day
from kpis.register.model import ReportedPart, ReportingDay
from kpis.register.reporting_days import list_dates

_DAY_KEYS: dict[ReportedPart, str] = {
    "half_year": "{day} (half-year)", "quarter": "{day} (quarter)", "month": "{day} (month)",
}  # fmt: skip
_COUNTDOWN_KEYS: dict[ReportedPart, tuple[str, str, str]] = {
    "year": (
        "Report due on {day}: {time} left.", "Report due today, {day}.", "Report was due on {day}: {time} ago.",
    ),
    "half_year": (
        "Half-year report due on {day}: {time} left.", "Half-year report due today, {day}.",
        "Half-year report was due on {day}: {time} ago.",
    ),
    "quarter": (
        "Quarterly report due on {day}: {time} left.", "Quarterly report due today, {day}.",
        "Quarterly report was due on {day}: {time} ago.",
    ),
    "month": (
        "Monthly report due on {day}: {time} left.", "Monthly report due today, {day}.",
        "Monthly report was due on {day}: {time} ago.",
    ),
}  # fmt: skip
"""By what is reported on: before the day, on it, after it."""


class NextReport(NamedTuple):
    """The date by which agencies report next; the yearly one may be over."""

    of: ReportedPart
    due_on: date


def list_next_reports(days: Sequence[ReportingDay], as_of: date, year: int, first_year: int) -> list[NextReport]:
    """Return the report on a year, over or not, and of every other kind the next one that is not over.

    In January the report on the year before, if it is due then, comes first. `first_year` is that of the plan.
    """
    reports: list[NextReport] = []
    for of in _COUNTDOWN_KEYS:
        dates = {
            reported: [due for day in days if day.of == of for due in list_dates(day, reported)]
            for reported in (year - 1, year)
            if reported >= first_year
        }
        coming = sorted(due for all_due in dates.values() for due in all_due if due >= as_of)
        if of == "year":
            earlier = [due for due in dates.get(year - 1, ()) if due >= as_of]
            reports += [NextReport(of, due) for due in (*earlier, *dates.get(year, ()))]
        elif coming:
            reports.append(NextReport(of, coming[0]))
    return reports


def format_countdown(report: NextReport, as_of: date, lang: Language) -> str:
    """Return how long it is until agencies report, or since then."""
    days_left = (report.due_on - as_of).days
    key_ahead, key_today, key_past = _COUNTDOWN_KEYS[report.of]
    key = key_ahead if days_left > 0 else key_past if days_left < 0 else key_today
    day, time = formatting.format_day(report.due_on, lang), formatting.format_weeks(abs(days_left), lang)
    return translate(lang, key, day=day, time=time)


def format_reporting_days(days: Iterable[ReportingDay], lang: Language) -> str:
    """Return the reporting days of a plan in words: "15/12; ngày 20 (tháng)"."""
    return "; ".join(_list_words(days, lang))


def _list_words(days: Iterable[ReportingDay], lang: Language) -> Iterator[str]:
    for day in days:
        month_day = parse_year_day(day.day)
        text = translate(lang, "day {n}", n=int(day.day)) if month_day is None else _format_month_day(month_day, lang)
        if day.next_year:
            text = translate(lang, "{day} of the next year", day=text)
        yield text if day.of == "year" else translate(lang, _DAY_KEYS[day.of], day=text)


def _format_month_day(month_day: str, lang: Language) -> str:
    return formatting.format_day_and_month(date.fromisoformat(f"2000-{month_day}"), lang)
