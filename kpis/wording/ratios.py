"""Ratios and coverage: the share reached, as far as its base is known, and the share expected by now."""

from __future__ import annotations

from fractions import Fraction

from kpis.language import formatting
from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import get_open_population, has_unknown_base
from kpis.wording.amounts import COMPARISONS

_PERCENT = Fraction(1, 100)


def has_uncounted_population(row: Attainment) -> bool:
    """True for a ratio with a floor whose population the reports do not cover completely yet."""
    return not row["is_ceiling"] and get_open_population(row) > 0


def compute_bar_value(row: Attainment) -> float:
    """Return the actual as a bar shows it: for an uncovered population, the part of the whole population.

    0 if the base is unknown. For a ceiling, the actual itself: a share of a larger base would look too low. Of a change
    its figure.
    """
    if row["measure"] == "change":
        return float(row["figure"] or 0)
    if row["is_ceiling"]:
        return float(row["actual"] or 0)
    if has_unknown_base(row):
        return 0.0
    if has_uncounted_population(row):
        return row["numerator"] / (row["population"] or 1)
    return float(row["actual"] or 0)


def compute_bar_pace(row: Attainment) -> float | None:
    """Return where a bar should be by now; None for a ceiling without a baseline, an unknown base or no floor."""
    if (row["is_ceiling"] and not row["starts_at_baseline"]) or has_unknown_base(row) or row["expected"] is None:
        return None
    return compute_bar_limit(row, row["expected"])


def compute_bar_limit(row: Attainment, value: float | None) -> float:
    """Return a floor, a stretch or what is expected as a bar shows it: of a change the figure that is meant."""
    if row["measure"] == "change":
        return float(row["baseline"] or 0) * (1 + float(value or 0))
    return float(value or 0)


def format_percent(row: Attainment, lang: Language) -> str:
    """Return the share compared with the floor, rounded down: "87%", "99,4%"; a dash without a base."""
    return formatting.format_percent(row["numerator"], _get_denominator(row), lang, choose_decimals(row))


def choose_decimals(row: Attainment) -> int:
    """Return the fewest decimals with which a percentage stays on its side of the floor and the pace.

    Beside a floor of "99,5%", 994 of 1000 is not shown as "99%"; 5.04 % of at most 5 % is not shown as "5%";
    where 88.39 % is expected, 88.33 % is not shown as "88,3%".
    """
    if not _get_denominator(row) or row["floor"] is None:
        return 0
    share, floor = Fraction(int(row["numerator"]), _get_denominator(row)), Fraction(str(row["floor"]))
    expected, holds = Fraction(str(compute_bar_pace(row) or 0)), COMPARISONS[row["comparator"]]
    near = share // _PERCENT == floor // _PERCENT and floor % _PERCENT > 0
    for decimals in range(1 if near else 0, formatting.EXACT_PERCENT_DECIMALS):
        step = _PERCENT / 10**decimals
        is_behind = share // step < expected // step
        if holds(share // step * step, floor) == holds(share, floor) and is_behind == (share < expected):
            return decimals
    return formatting.EXACT_PERCENT_DECIMALS


def _get_denominator(row: Attainment) -> int:
    return (row["denominator"] if row["measure"] == "ratio" else row["roster_size"]) or 0
