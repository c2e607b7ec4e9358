"""How much of a whole a ratio or coverage is, as far as the whole is known, and what of it is expected."""

from __future__ import annotations

from fractions import Fraction
from operator import ge, gt, le, lt

from kpis.language import formatting as written
from kpis.language.messages import Language
from kpis.measures import owed
from kpis.measures.attainment_rows import Attainment

_PERCENT = Fraction(1, 100)
_COMPARISONS = {">=": ge, ">": gt, "<=": le, "<": lt}


def is_proportion(row: Attainment) -> bool:
    """Whether it is measured as a share of a whole."""
    return row["measure"] in ("ratio", "coverage")


def is_ceiling(row: Attainment) -> bool:
    """Whether the floor is one to stay under: nothing of it is expected by now, and it has no pace."""
    return row["comparator"] in ("<=", "<")


def has_unknown_base(row: Attainment) -> bool:
    """Whether nobody has said yet who makes up the whole; an edition's kept figures do not tell."""
    return "population" in row and owed.has_unknown_base(row)


def has_uncounted_population(row: Attainment) -> bool:
    """Whether a floor's population is known that neither the reports cover yet, nor a whole roster."""
    if row["measure"] != "ratio" or row.get("population") is None or is_ceiling(row):
        return False
    return not owed.is_fully_reported(row)


def compute_bar_value(row: Attainment) -> float:
    """The actual as a bar may show it: of a population that is not counted, the part of all of it.

    0 where nobody has said yet who makes up the whole: no part of it is known. A ceiling's is as it is
    judged, since the part of a larger whole would make it look kept.
    """
    if is_ceiling(row):
        return float(row["actual"] or 0)
    if has_unknown_base(row):
        return 0.0
    if has_uncounted_population(row):
        return row["numerator"] / (row["population"] or 1)
    return float(row["actual"] or 0)


def compute_bar_pace(row: Attainment) -> float | None:
    """Where a bar should stand by now; None where nothing is expected of it, or it could show no part."""
    if is_ceiling(row) or has_unknown_base(row) or row["expected"] is None:
        return None
    return float(row["expected"])


def format_percent(row: Attainment, lang: Language) -> str:
    """The share as it is judged, rounded down: "87%", "99,4%"; a dash without a denominator."""
    return written.format_percent(row["numerator"], _get_denominator(row), lang, choose_decimals(row))


def choose_decimals(row: Attainment) -> int:
    """As few decimals of a percentage as keep what is shown on the side of the floor and pace it is on.

    994 of 1000 is no "99%" beside a floor of "99,5%", 5.04 % of at most 5 % no "5%", and 88.33 % no "88,3%"
    where "88,3%" is expected, of 88.39 %.
    """
    if not _get_denominator(row) or row["floor"] is None:
        return 0
    share, floor = Fraction(row["numerator"], _get_denominator(row)), Fraction(str(row["floor"]))
    by_now, holds = Fraction(str(compute_bar_pace(row) or 0)), _COMPARISONS[row["comparator"]]
    near = share // _PERCENT == floor // _PERCENT and floor % _PERCENT > 0
    for places in range(1 if near else 0, written.EXACT_PERCENT_DECIMALS):
        step = _PERCENT / 10**places
        is_behind = share // step < by_now // step
        if holds(share // step * step, floor) == holds(share, floor) and is_behind == (share < by_now):
            return places
    return written.EXACT_PERCENT_DECIMALS


def _get_denominator(row: Attainment) -> int:
    return (row["denominator"] if row["measure"] == "ratio" else row["roster_size"]) or 0
