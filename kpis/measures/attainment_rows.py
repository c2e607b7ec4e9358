"""What the measures answer with: rows as typed dicts, figures exact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypedDict, cast

TargetStatus = Literal[
    "overdue", "behind", "no_data", "at_risk", "on_track", "attained", "attained_late",
    "not_started", "not_applicable",
]  # fmt: skip
STATUSES: tuple[TargetStatus, ...] = (
    "overdue", "behind", "no_data", "at_risk", "on_track", "attained_late", "attained",
    "not_started", "not_applicable",
)  # fmt: skip
"""Every status, worst first (design.md §5)."""

LATE_STATUSES: tuple[TargetStatus, ...] = ("overdue", "behind")
URGENT_STATUSES: tuple[TargetStatus, ...] = (*LATE_STATUSES, "no_data", "at_risk")
MET_STATUSES: tuple[TargetStatus, ...] = ("attained", "attained_late")

MeasureValue = int | float
"""A count or milestone is whole; a ratio or coverage is a fraction, 1.0 is 100 %."""


class Attainment(TypedDict):
    """One target's period as of a day: the columns of design.md §6, then what the pages need beside them.

    `numerator` is what the entries add (for an agency: what it adds to the target), `denominator` None for
    counts and milestones. `actual` is None where a ratio has no denominator yet. Verdicts are made of exact
    numbers; `expected_numerator / expected_denominator` is the exact `expected`.
    """

    target: str
    plan: str
    province: str
    indicator: str
    measure: str
    comparator: str
    floor: MeasureValue | None
    stretch: MeasureValue | None
    unit: str
    recurrence: str
    force: str
    period_start: date
    period_end: date
    due_on: date
    as_of: date
    actual: MeasureValue | None
    numerator: int
    denominator: int | None
    expected: MeasureValue | None
    reporting_agencies: int
    roster_size: int
    entries: int
    status: TargetStatus | None

    met: bool
    agency: str | None
    share: MeasureValue | None
    place: str
    kind: str
    title_vi: str
    title_en: str
    section: str
    line: int
    unit_en: str
    accumulation: str
    recurrence_basis: str
    recurrence_reason_vi: str | None
    recurrence_reason_en: str | None
    lead: str
    lead_basis: str
    pace: str
    population: int | None
    roster_reported: int
    floor_exact: Decimal | None
    expected_numerator: int
    expected_denominator: int
    position: int
    plan_position: int


ATTAINMENT_COLUMNS: tuple[str, ...] = (
    "target", "plan", "province", "indicator", "measure", "comparator", "floor", "stretch", "unit",
    "recurrence", "force", "period_start", "period_end", "due_on", "as_of", "actual", "numerator",
    "denominator", "expected", "reporting_agencies", "roster_size", "entries", "status",
)  # fmt: skip
"""The stable columns of `attainment` (design.md §6), in order."""

AGENCY_COLUMNS: tuple[str, ...] = (*ATTAINMENT_COLUMNS, "agency", "share")
"""The stable columns of `attainment --by agency`."""


def build_attainment_row(status_row: Mapping[str, object]) -> Attainment:
    """A row of `attainment_statuses.sql` with its figures as numbers: whole for counts, fractions for ratios."""
    row = dict(status_row)
    in_parts = row["measure"] in ("ratio", "coverage")
    numerator, denominator = cast(int, row["numerator"]), cast("int | None", row["denominator"])
    floor = cast("Decimal | None", row["floor"])
    row["floor_exact"] = floor
    expected = _compute_expected(row, floor, in_parts)
    row["expected_numerator"], row["expected_denominator"] = expected.numerator, expected.denominator
    row["expected"] = None if floor is None else _to_number(expected, in_parts)
    row["actual"] = _compute_ratio(numerator, denominator) if in_parts else numerator
    row["numerator"] = row["adds"]
    for name in ("floor", "stretch", "share"):
        row[name] = None if row[name] is None else _to_number(Fraction(cast(Decimal, row[name])), in_parts)
    row["unit"] = row["unit_vi"]
    return cast(Attainment, {name: row[name] for name in Attainment.__annotations__})


def _compute_ratio(numerator: int, denominator: int | None) -> float | None:
    return numerator / denominator if denominator else None


def _compute_expected(row: Mapping[str, object], floor: Decimal | None, is_proportion: bool) -> Fraction:
    if floor is None:
        return Fraction(0)
    if not is_proportion:
        return Fraction(cast(int, row["expected_whole"]))
    return Fraction(floor) * Fraction(cast(int, row["pace_part"]), cast(int, row["pace_whole"]))


def _to_number(value: Fraction, is_proportion: bool) -> MeasureValue:
    return int(value) if value.denominator == 1 and not is_proportion else float(value)
