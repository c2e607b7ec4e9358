"""Numbers, percentages, days and moments as people read them: 1.234,5 · 21/11/2026 · 09:00 21/11/2026."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from kpis.language import clock
from kpis.language.messages import Language, translate

Number = int | float | Decimal | Fraction
NO_VALUE = "–"
"""Shown instead of a missing figure."""

EXACT_DECIMALS, EXACT_PERCENT_DECIMALS = 6, 4
"""Enough decimals to write any amount of the register exactly, as a number and as a percentage."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_number(value: Number, lang: Language, decimals: int = 0) -> str:
    """Format a number to at most `decimals` decimals, half up: 1234.5 is "1.234,5" (vi) or "1,234.5" (en)."""
    rounded = _to_decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return _format_decimal(rounded, lang)


def format_percent(numerator: Number, denominator: Number, lang: Language, decimals: int = 0) -> str:
    """Format a ratio in percent, rounded down, so that "100%" is shown only when reached (design.md §5).

    Computed exactly: as a float, 0.29 * 100 is 28.999…. A denominator of 0 gives "–".
    """
    if not denominator:
        return NO_VALUE
    scale = 10**decimals
    hundredths = _to_fraction(numerator) / _to_fraction(denominator) * 100 * scale
    return _format_decimal(Decimal(hundredths.numerator // hundredths.denominator) / scale, lang) + "%"


def format_day(value: date, lang: Language) -> str:
    """Format a day: "21/11/2026" (vi), "21 Nov 2026" (en)."""
    if lang == "vi":
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def format_day_and_month(value: date, lang: Language) -> str:
    """Format a day without its year: "21/11" (vi), "21 Nov" (en)."""
    return format_day(value, lang)[:-5]


def format_moment(value: datetime, lang: Language) -> str:
    """Format a moment (naive is UTC) in local time: "09:00 21/11/2026" (vi), "09:00, 21 Nov 2026" (en)."""
    local = clock.to_local(value)
    return f"{local:%H:%M}{' ' if lang == 'vi' else ', '}{format_day(local.date(), lang)}"


def format_weeks(days: int, lang: Language) -> str:
    """Format a number of days in whole weeks, below two weeks in days: 35 is "5 tuần", 9 is "9 ngày"."""
    if days >= 14:
        return translate(lang, "{n} weeks", n=format_number(days // 7, lang))
    return translate(lang, "1 day") if days == 1 else translate(lang, "{n} days", n=format_number(days, lang))


def end_sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already: another sentence follows it."""
    text = text.rstrip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _to_decimal(value: Number) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))  # through its text: 2.4, not 2.39999…


def _to_fraction(value: Number) -> Fraction:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _format_decimal(value: Decimal, lang: Language) -> str:
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    return text.translate(str.maketrans(".,", ",.")) if lang == "vi" else text
