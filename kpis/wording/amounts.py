"""Figures that may have decimals, cut towards the side that is not met: 47,96 of 48 is never shown as 48."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from operator import ge, gt, le, lt

from kpis.language import formatting
from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment

_FEWEST_DECIMALS = 2
COMPARISONS: dict[str | None, Callable[[Fraction, Fraction], bool]] = {">=": ge, ">": gt, "<=": le, "<": lt}


def format_figure(row: Attainment, value: float, lang: Language) -> str:
    """Return a figure of a target in its unit: an actual, or what an agency adds.

    It has the fewest decimals, at least two, with which it stays on its side of the floor.
    """
    if row["measure"] == "change":
        return formatting.format_number(value, lang, formatting.EXACT_DECIMALS)
    if row["measure"] != "amount":
        return formatting.format_number(value, lang)
    return format_cut(value, row["floor"], row["comparator"], is_up=row["is_ceiling"], lang=lang)


def format_expected(row: Attainment, value: float, lang: Language) -> str:
    """Return an expected value, which is never shown as less than it is."""
    return format_cut(value, None, None, is_up=not row["is_ceiling"], lang=lang)


def format_gap(value: float, lang: Language) -> str:
    """Return what is missing or too much; never less than it is."""
    return format_cut(value, None, None, is_up=True, lang=lang)


def format_cut(value: float, floor: float | None, comparator: str | None, *, is_up: bool, lang: Language) -> str:
    """Return a number cut downwards or upwards to few decimals; beside a floor it stays on its side."""
    exact = _to_decimal(value)
    cut = exact
    for decimals in range(_FEWEST_DECIMALS, formatting.EXACT_DECIMALS + 1):
        cut = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_CEILING if is_up else ROUND_FLOOR)
        if floor is None or comparator is None:
            break
        holds, limit = COMPARISONS[comparator], Fraction(str(floor))
        if holds(Fraction(cut), limit) == holds(Fraction(exact), limit):
            break
    return formatting.format_number(cut, lang, formatting.EXACT_DECIMALS)


def _to_decimal(value: float | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))
