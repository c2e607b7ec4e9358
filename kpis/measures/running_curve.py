"""The running total of a target and its pace line, for charts (design.md §5, expected)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from kpis.measures.doubtful_entries import get_named_target
from kpis.measures.previous_years import PUBLISHED_TOTALS, load_previous_figures
from kpis.measures.query import DatabaseReader, build_statement, run_query
from kpis.measures.question import Question

CurvePoint = tuple[date, float]


@dataclass
class TargetCurve:
    """(day, value) pairs in order of day: `points` where the actual changed, `pace` where its line bends.

    Values are counts, or fractions for ratios and coverage; of a change its figure. `points` are steps; the pace runs
    straight between its points, unrounded. `points` begins at the period's start with `starts_at`, the baseline or 0,
    and is empty without an entry.
    """

    target: str
    period_start: date
    points: list[CurvePoint] = field(default_factory=list)
    pace: list[CurvePoint] = field(default_factory=list)
    starts_at: float = 0.0


def compute_curves(db: DatabaseReader, question: Question, *, target: str | None = None) -> dict[str, TargetCurve]:
    """Return by target the curve up to the as-of day, for periods that contain the question's year.

    Of quarters, months or half-years it is that of the one that contains the day.
    """
    params = question.to_parameters(None if target is None else [target])
    params["previous_figures"] = load_previous_figures(db, params, PUBLISHED_TOTALS, as_published=True).rows
    curves: dict[str, TargetCurve] = {}
    for row in run_query(db, _PACE_QUERY, params):
        target_id, start, day, value = _parse_pace_row(row["target"], row["period_start"], row["day"], row["value"])
        starts_at = cast("float | None", row["starts_at"]) or 0.0
        curves.setdefault(target_id, TargetCurve(target_id, start, starts_at=starts_at)).pace.append((day, value))
    for row in run_query(db, _RUNNING_TOTALS_QUERY, params):
        curve = curves[get_named_target(str(row["target"]))]
        if not curve.points and cast(date, row["day"]) > curve.period_start:
            curve.points.append((curve.period_start, curve.starts_at))
        curve.points.append((cast(date, row["day"]), _compute_value(row["numerator"], row["denominator"])))
    return curves


def compute_target_curve(db: DatabaseReader, target: str, period_start: date, as_of: date | None = None) -> TargetCurve:
    """Return one target's curve in the period that starts on a day, up to the as-of day if given."""
    return compute_curves(db, Question(as_of or date.max, year=period_start.year), target=target)[target]


_PACE_QUERY = build_statement(
    ["requested_periods", ("subjects", "pace_days"), "previous_figures", "expected_values", "pace_line"], "target, day"
)
_RUNNING_TOTALS_QUERY = build_statement(["requested_periods", "running_totals"], "target, day")


def _parse_pace_row(target: object, start: object, day: object, value: object) -> tuple[str, date, date, float]:
    return get_named_target(str(target)), cast(date, start), cast(date, day), cast(float, value)


def _compute_value(numerator: object, denominator: object) -> float:
    if denominator is None:
        return float(cast(int, numerator))
    return cast(int, numerator) / cast(int, denominator) if denominator else 0.0
