"""Totals of targets in the period of a sheet row, for its status text: "Tin bài 47/50" (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpis.feedback.status_text import FindPeriodTotal, PeriodTotal
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.query import DatabaseReader
from kpis.measures.question import Question, as_plan_set


def build_row_totals(db: DatabaseReader, plan: str, days: Iterable[date], as_of: date) -> FindPeriodTotal:
    """Return a lookup of totals by target and day, for the periods that contain `days`, as of `as_of`."""
    totals: dict[str, list[tuple[date, date, PeriodTotal]]] = {}
    for year in sorted({day.year for day in days}):
        for row in compute_attainment(db, Question(as_of, year=year, plans=as_plan_set(plan))):
            spans = totals.setdefault(row["target"], [])
            spans.append((row["period_start"], row["period_end"], _compute_total(row)))

    def find_total(target: str, day: date) -> PeriodTotal | None:
        spans = totals.get(target, ())
        return next((total for start, end, total in spans if start <= day <= end), None)

    return find_total


def _compute_total(row: Attainment) -> PeriodTotal:
    match row["measure"]:
        case "ratio":
            return PeriodTotal(row["numerator"], row["denominator"])
        case "coverage":
            return PeriodTotal(row["numerator"], row["roster_size"] or None)
        case _:
            return PeriodTotal(row["numerator"], row["floor_exact"])
