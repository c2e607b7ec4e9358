"""The running curve of a target against its pace, for drawing (design.md §5 expected)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from kpis.measures.attainment import build_parameters
from kpis.measures.query import DatabaseReader, build_statement, run_query

CurvePoint = tuple[date, float]


@dataclass
class TargetCurve:
    """(day, value) in order of day: `points` where the actual changed, as steps; `pace` where the pace bends.

    Values are counts, or fractions for ratios and coverage. The pace is a line between its points, unrounded.
    `points` begins at the period's start with 0 and is empty without an entry.
    """

    target: str
    period_start: date
    points: list[CurvePoint] = field(default_factory=list)
    pace: list[CurvePoint] = field(default_factory=list)


def compute_curves(
    db: DatabaseReader,
    as_of: date,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
    target: str | None = None,
) -> dict[str, TargetCurve]:
    """The curve up to the as-of day of every target whose period contains `year` (default: its year)."""
    asked = build_parameters(as_of, None, year, province, plan, None if target is None else [target])
    found: dict[str, TargetCurve] = {}
    for row in run_query(db, _PACE_QUERY, asked):
        target_id, start, day, value = _parse_pace_row(
            row["target"], row["period_start"], row["day"], row["value"]
        )
        found.setdefault(target_id, TargetCurve(target_id, start)).pace.append((day, value))
    for row in run_query(db, _RUNNING_TOTALS_QUERY, asked):
        curve = found[str(row["target"])]
        if not curve.points and cast(date, row["day"]) > curve.period_start:
            curve.points.append((curve.period_start, 0.0))
        curve.points.append((cast(date, row["day"]), _compute_value(row["numerator"], row["denominator"])))
    return found


def compute_target_curve(
    db: DatabaseReader, target: str, period_start: date, as_of: date | None = None
) -> TargetCurve:
    """One target's curve in the period that starts on a day, whole or up to the as-of day."""
    until = as_of or date.max
    return compute_curves(db, until, period_start.year, target=target)[target]


_PACE_QUERY = build_statement(
    ["requested_periods", ("subjects", "pace_days"), "expected_values", "pace_line"], "target, day"
)
_RUNNING_TOTALS_QUERY = build_statement(["requested_periods", "running_totals"], "target, day")


def _parse_pace_row(
    target: object, start: object, day: object, value: object
) -> tuple[str, date, date, float]:
    return str(target), cast(date, start), cast(date, day), cast(float, value)


def _compute_value(numerator: object, denominator: object) -> float:
    if denominator is None:
        return float(cast(int, numerator))
    return cast(int, numerator) / cast(int, denominator) if denominator else 0.0
