"""The weeks of a trend in words: why a line begins, and a target's figure in its measure."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.change_words import format_change
from kpis.language.messages import Language, translate
from kpis.measures.trend import TREND_WEEKS, BreakReason, TargetWeek
from kpis.wording.amounts import format_cut

_BREAKS: dict[BreakReason, str] = {
    "gap": "Weeks without figures",
    "year": "A new year: targets of a year begin again",
    "plans": "From here on other plans are counted",
    "version": "From here on another version of the plan judges",
}
PERCENT_MEASURES = frozenset({"ratio", "coverage", "change"})
"""Measures whose figures are fractions."""

_UNKNOWN_STATUSES = frozenset({"no_data", "not_started", "not_applicable", "carried"})


def format_too_few(weeks: int, lang: Language) -> str:
    """Return the sentence that stands where there are too few weeks for a line."""
    if not weeks:
        return translate(
            lang,
            "No week yet: what is known at the end of a Sunday is recorded by the first reading after it; "
            "from the second Sunday on, up to {n} weeks are shown.",
            n=TREND_WEEKS,
        )
    return translate(lang, "One week is recorded so far; the trend is shown from the second one on.")


def format_break(reason: BreakReason | None, lang: Language) -> str:
    """Return why a line begins with a week; empty where it goes on, or is the first."""
    return translate(lang, _BREAKS[reason]) if reason in _BREAKS else ""


def get_actual(week: TargetWeek) -> float | None:
    """Return the actual of a week; None where nothing had been reported, which is no 0."""
    return None if week.status in _UNKNOWN_STATUSES else week.actual


def format_value(measure: str, value: float | None, lang: Language, *, is_expected: bool = False) -> str:
    """Return a figure of a week: "24", "87%", "tăng 4,0%"; cut towards the side that is not met."""
    if value is None:
        return formatting.NO_VALUE
    if measure == "change":
        return format_change(value, lang, 1)
    if measure in PERCENT_MEASURES:
        return formatting.format_percent(value, 1, lang)
    return format_cut(value, None, None, is_up=is_expected, lang=lang)
