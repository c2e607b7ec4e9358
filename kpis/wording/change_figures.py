"""How a change is written: "tăng 4,0% so với 2025"; cut towards the side that is not met, never rounded."""

from __future__ import annotations

from fractions import Fraction

from kpis.language import formatting
from kpis.language.change_words import format_change, format_change_promise
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import compute_goal
from kpis.wording.amounts import COMPARISONS

_PERCENT = Fraction(1, 100)


def format_done(row: Attainment, lang: Language, *, is_weak: bool = False) -> str:
    """Return what a change has come to: "tăng 4,0% so với 2025"; a dash without an entry.

    Where it cannot be said yet, the figure stands with the reason: nothing to compare with, reports that are missing, a
    sum whose year is not over.
    """
    figure, baseline = (row[name] for name in (("figure_weak", "baseline_weak") if is_weak else ("figure", "baseline")))
    if not row["entries"] or figure is None:
        return formatting.NO_VALUE
    number = format_figure(figure, lang)
    if not baseline and row.get("is_incomparable"):
        return translate(
            lang, "{n}, last year was judged by a version of the plan that counts something else", n=number
        )
    if not baseline:
        return translate(lang, "{n}, no figure to compare with", n=number)
    if not row["is_complete"]:
        return translate(lang, "{n}, reports are missing", n=number)
    if row["accumulation"] == "increment" and row["as_of"] < row["due_on"]:
        base = format_figure(baseline, lang)
        return translate(lang, "{n} so far, {base} in all of {year}", n=number, base=base, year=row["baseline_year"])
    return _add_year(row, _format_cut(row, _divide(figure, baseline) - 1, lang), lang)


def format_promise(row: Attainment, lang: Language) -> str:
    """Return what is promised: "tăng ít nhất 10% so với 2025"."""
    return _add_year(row, format_change_promise(str(row["comparator"]), row["floor"] or 0, lang), lang)


def format_expected(row: Attainment, lang: Language) -> str:
    """Return the change expected by now, never shown as less than it is; of a sum, the figure."""
    if row["expected"] is None or not row["baseline"] or (row["is_ceiling"] and not row["starts_at_baseline"]):
        return formatting.NO_VALUE
    expected = Fraction(row["expected_numerator"], row["expected_denominator"])
    if row["accumulation"] == "increment":
        return formatting.format_number(_divide(row["baseline"], 1) * (1 + expected), lang, 1)
    return format_change(expected, lang, 1, is_up=not row["is_ceiling"])


def format_figure(value: float, lang: Language) -> str:
    """Return a figure with all its decimals."""
    return formatting.format_number(value, lang, formatting.EXACT_DECIMALS)


def format_baseline(row: Attainment, lang: Language) -> str:
    """Return with what a change is compared, or where an amount or ratio begins: "40 (2025)"; else empty."""
    if row["baseline"] is None:
        return ""
    if row["is_proportion"]:
        value = formatting.format_percent(row["baseline"], 1, lang, formatting.EXACT_PERCENT_DECIMALS)
    else:
        value = format_figure(row["baseline"], lang)
    return f"{value} ({row['baseline_year']})"


def format_goal(row: Attainment, lang: Language) -> str:
    """Return the figure that a change has to reach, or must not be above: "104", at most three decimals."""
    goal = compute_goal(row)
    return formatting.NO_VALUE if goal is None else formatting.format_number(goal, lang, 3)


def _format_cut(row: Attainment, value: Fraction, lang: Language) -> str:
    """Return a change with the fewest decimals, at least one, with which it stays on its side of the floor."""
    is_up, floor = row["is_ceiling"], Fraction(str(row["floor"] or 0))
    holds = COMPARISONS[row["comparator"]]
    for decimals in range(1, formatting.EXACT_PERCENT_DECIMALS + 1):
        step = _PERCENT / 10**decimals
        cut = (-(-value // step) if is_up else value // step) * step
        if holds(cut, floor) == holds(value, floor):
            break
    return format_change(value, lang, decimals, is_up=is_up)


def _add_year(row: Attainment, text: str, lang: Language) -> str:
    return translate(lang, "{change} on {year}", change=text, year=row["baseline_year"])


def _divide(value: float, base: float) -> Fraction:
    return Fraction(str(value)) / Fraction(str(base))
