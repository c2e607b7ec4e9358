"""A change in words: "tăng 4,0%", "giảm ít nhất 50%"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from kpis.language.formatting import EXACT_PERCENT_DECIMALS, Number, format_number
from kpis.language.messages import Language, translate

_PROMISES: Mapping[tuple[str, bool], str] = {
    (">=", True): "up by at least {percent}",
    (">", True): "up by more than {percent}",
    ("<=", True): "down by at least {percent}",
    ("<", True): "down by more than {percent}",
    (">=", False): "no decrease",
    (">", False): "an increase",
    ("<=", False): "no increase",
    ("<", False): "a decrease",
}
"""By comparator, and whether the floor is other than 0."""


def format_change(value: Number, lang: Language, decimals: int | None = None, *, is_up: bool = False) -> str:
    """Return a change, a fraction, in words, cut downwards or upwards: -0.253 is "giảm 25,3%" with one decimal.

    Without `decimals` it is written exactly.
    """
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    scale = 10 ** (EXACT_PERCENT_DECIMALS if decimals is None else decimals) * 100
    cut = -(-exact * scale // 1) if is_up else exact * scale // 1
    percent = _format_percent(Fraction(abs(cut) * 100, scale), lang, decimals)
    if not exact:
        return translate(lang, "no change")
    return translate(
        lang, "down by {percent}" if cut < 0 or (not cut and exact < 0) else "up by {percent}", percent=percent
    )


def format_change_promise(comparator: str, floor: Number, lang: Language) -> str:
    """Return what is promised: "tăng ít nhất 10%", "giảm trên 3%", "không tăng"."""
    percent = _format_percent(abs(Fraction(str(floor))) * 100, lang, None)
    return translate(lang, _PROMISES[comparator, bool(floor)], percent=percent)


def _format_percent(percent: Fraction, lang: Language, decimals: int | None) -> str:
    """Return a percentage with exactly so many decimals, or with as many as it has."""
    if decimals is None:
        return format_number(percent, lang, EXACT_PERCENT_DECIMALS) + "%"
    text = f"{(Decimal(percent.numerator) / Decimal(percent.denominator)):,.{decimals}f}"
    return (text.translate(str.maketrans(".,", ",.")) if lang == "vi" else text) + "%"
