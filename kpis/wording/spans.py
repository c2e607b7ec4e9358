"""Quarters, months and half-years in words: "quý I/2026", "3/4 quý đạt"."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment

_ROMAN = ("I", "II", "III", "IV")
_COUNT_KEYS = {
    "quarterly": "{met}/{all} quarters",
    "monthly": "{met}/{all} months",
    "half_yearly": "{met}/{all} half-years",
}

_DUE_KEYS = {
    "quarterly": "last day of each quarter",
    "monthly": "last day of each month",
    "half_yearly": "last day of each half-year",
}


def format_span(span: str, lang: Language) -> str:
    """Return a span in words: "quý I/2026", "tháng 7/2026", "6 tháng đầu năm 2026"."""
    year, _, name = span.partition("-")
    if name.startswith("Q"):
        return translate(lang, "quarter {n} of {year}", n=_ROMAN[int(name[1:]) - 1], year=year)
    if name.startswith("H"):
        key = "first half of {year}" if name == "H1" else "second half of {year}"
        return translate(lang, key, year=year)
    return translate(lang, "month {n} of {year}", n=int(name), year=year)


def format_due_days(recurrence: str, lang: Language) -> str:
    """Return when every span of a year is due: "ngày cuối mỗi quý"."""
    return translate(lang, _DUE_KEYS[recurrence])


def format_spans_met(row: Attainment, lang: Language) -> str:
    """Return how many spans of a year are met: "3/4 quý"."""
    met, total = (formatting.format_number(row[name] or 0, lang) for name in ("spans_met", "spans"))
    return translate(lang, _COUNT_KEYS[row["recurrence"]], met=met, all=total)


def format_unmet(spans: Iterable[str], lang: Language) -> str:
    """Return which spans are over and not met: "quý I/2026, quý II/2026 không đạt"."""
    return translate(lang, "{spans} not attained", spans=", ".join(format_span(span, lang) for span in spans))
