"""The trend of the last weeks: what was known at the end of each Sunday, read from `weekly` (design.md §4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from kpis.measures.attainment_rows import TargetStatus
from kpis.measures.query import DatabaseReader, QueryRow, build_statement, run_query

TREND_WEEKS = 12
"""Weeks that a trend shows."""

COUNTED_STATUSES: tuple[TargetStatus, ...] = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
"""The six counts, worst first; attained late is attained."""

BreakReason = Literal["first", "gap", "year", "plans", "version"]
"""Why a line begins: the first week, missing weeks before it, a new year, other plans, another version of a plan."""

_COUNTS_QUERY = build_statement([("weeks_shown", "weekly_counts"), "weekly_lines"], "sunday")
_FIGURES_QUERY = build_statement([("weeks_shown", "weekly_figures"), "weekly_lines"], "sunday")


@dataclass(frozen=True)
class TrendWeek:
    """The week that ended on `sunday`. Weeks of one `line` can be compared; `break_reason`: why one begins with it."""

    sunday: date
    line: int
    break_reason: BreakReason | None


@dataclass(frozen=True)
class CountedWeek(TrendWeek):
    """How many of the judged `targets` had each of COUNTED_STATUSES."""

    targets: int
    counts: Mapping[TargetStatus, int]


@dataclass(frozen=True)
class TargetWeek(TrendWeek):
    """A target's figures: counts, or fractions for ratios, coverage and changes."""

    measure: str
    status: TargetStatus
    actual: float | None
    expected: float | None


def count_weeks(db: DatabaseReader, as_of: date, plans: Collection[str]) -> list[CountedWeek]:
    """Return the weeks up to a day in which something of these plans was known, oldest first."""
    return [
        CountedWeek(
            *_read_week(row), cast(int, row["targets"]), {name: cast(int, row[name]) for name in COUNTED_STATUSES}
        )
        for row in run_query(db, _COUNTS_QUERY, _build_parameters(as_of, plans))
    ]


def list_target_weeks(db: DatabaseReader, as_of: date, plan: str, target: str) -> list[TargetWeek]:
    """Return the weeks up to a day in which a target was known, oldest first."""
    return [
        TargetWeek(
            *_read_week(row),
            str(row["measure"]),
            cast(TargetStatus, row["status"]),
            cast("float | None", row["actual"]),
            cast("float | None", row["expected"]),
        )
        for row in run_query(db, _FIGURES_QUERY, {**_build_parameters(as_of, [plan]), "target": target})
    ]


def _build_parameters(as_of: date, plans: Collection[str]) -> dict[str, object]:
    first_sunday = as_of - timedelta(days=7 * TREND_WEEKS - 1)
    return {"as_of": as_of, "first_sunday": first_sunday, "plans": sorted(plans)}


def _read_week(row: QueryRow) -> tuple[date, int, BreakReason | None]:
    return cast(date, row["sunday"]), cast(int, row["line"]), cast("BreakReason | None", row["break_reason"])
