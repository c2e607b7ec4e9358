"""Figures for the status text of a sheet row: "Tin bài 47/50", and its open doubts (design.md §4, §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from kpis.feedback.status_text import PeriodTotal, RowDoubt, RowFigures
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.open_doubts import to_number
from kpis.measures.query import DatabaseReader
from kpis.measures.question import Question, as_plan_set
from kpis.sheet.model import CheckedRow


def build_row_figures(db: DatabaseReader, plan: str, days: Iterable[date], as_of: date) -> RowFigures:
    """Return lookups of totals and doubts for the periods that contain `days`, as of `as_of`."""
    doubts: dict[int, list[tuple[float, RowDoubt]]] = {}
    totals: dict[str, list[tuple[date, date, PeriodTotal]]] = {}
    for year in sorted({day.year for day in days}):
        for row in compute_attainment(db, Question(as_of, year=year, plans=as_plan_set(plan))):
            if row["has_spans"]:  # its quarters, months or half-years say what a row adds to
                continue
            spans = totals.setdefault(row["target"], [])
            spans.append((row["period_start"], row["period_end"], _compute_total(row)))
            for doubt in row["doubts"]:
                for doubted in doubt["rows"]:
                    if not doubted["confirmed"]:
                        total = _compute_total_less(row, doubt["reduces_by"])
                        row_doubt = RowDoubt(doubt["code"], total, row["span"] is not None)
                        doubts.setdefault(doubted["row_hash"], []).append((doubt["reduces_by"], row_doubt))

    def find_total(target: str, day: date) -> PeriodTotal | None:
        spans = totals.get(target, ())
        return next((total for start, end, total in spans if start <= day <= end), None)

    def find_doubts(row: CheckedRow) -> Sequence[RowDoubt]:
        of_row = sorted(doubts.get(row.row_hash, ()), key=lambda doubt: -doubt[0])
        return list(dict.fromkeys(doubt for _, doubt in of_row))

    return RowFigures(find_total, find_doubts)


def _compute_total(row: Attainment) -> PeriodTotal:
    match row["measure"]:
        case "ratio":
            return PeriodTotal(row["numerator"], row["denominator"])
        case "change":  # what it is compared with is no part of it
            return PeriodTotal(row["numerator"], None)
        case "coverage":
            return PeriodTotal(row["numerator"], row["roster_size"] or None)
        case _:
            return PeriodTotal(row["numerator"], row["floor_exact"])


def _compute_total_less(row: Attainment, reduces_by: float) -> PeriodTotal | None:
    """Return a count with a doubt applied; None for a share or a change, which is not said in a cell."""
    if row["is_proportion"] or row["measure"] == "change":
        return None
    return PeriodTotal(to_number(Fraction(str(row["numerator"])) - Fraction(str(reduces_by))), row["floor_exact"])
