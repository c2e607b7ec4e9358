"""Rows of attainment as typed dicts, with exact figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NotRequired, TypedDict, cast

from kpis.measures.open_doubts import OpenDoubt, build_open_doubt, to_number
from kpis.measures.weak_reading import FoundDoubt

TargetStatus = Literal[
    "overdue", "behind", "no_data", "at_risk", "on_track", "attained", "attained_late",
    "not_started", "not_applicable", "carried",
]  # fmt: skip
STATUSES: tuple[TargetStatus, ...] = (
    "overdue", "behind", "no_data", "at_risk", "on_track", "attained_late", "attained",
    "not_started", "not_applicable", "carried",
)  # fmt: skip
"""Every status, worst first (design.md §5); what is carried is not judged and counted nowhere."""

LATE_STATUSES: tuple[TargetStatus, ...] = ("overdue", "behind")
URGENT_STATUSES: tuple[TargetStatus, ...] = (*LATE_STATUSES, "no_data", "at_risk")
MET_STATUSES: tuple[TargetStatus, ...] = ("attained", "attained_late")

MeasureValue = int | float
"""A number for a count, amount or milestone; a fraction for a ratio or coverage, where 1.0 is 100 %."""


class Attainment(TypedDict):
    """One target's period as of a day: the columns of design.md §6, then columns that only the pages use.

    `numerator` is the total of the entries (for an agency: what it adds to the target), `denominator` None
    for counts and milestones. `actual` is None for a ratio without a denominator yet. Statuses are decided
    with exact numbers; `expected_numerator / expected_denominator` is the exact `expected`.

    Of a change, floor, `actual` and `expected` are fractions of the `baseline`, the figure of `baseline_year`: 0.1 is
    10 % more. `figure` is what its entries come to, None for other measures. A yearly change is compared with the final
    figure of the year before; where that is not complete, its `baseline` and `actual` are None and it is carried. Of an
    amount or ratio, `baseline` is where its pace begins (`starts_at_baseline`, as for a change that is a level).

    `span` names the quarter, month or half-year of a row ("2026-Q3"); it is None for a whole target. `spans` is how
    many of them its year has, `spans_due` how many have ended, `spans_met` how many are attained. The year's own
    figures are the sum, and `span_rows` the rows of its spans.

    `plan_version` and `plan_document` are number and document number of the version of the plan that judges the row,
    where the plan has several. `is_incomparable`: the year before was judged by a version that counted something else.

    `…_weak` is the weak reading (design.md §5): the worse of all rows as they stand and of all open `doubts`
    applied. A target is attained only if both meet it.

    Decided by SQL (docs/rules.md): `is_proportion` for a ratio or coverage, `is_ceiling` if the actual must
    not be above the floor, `is_complete` if the whole roster has reported or the denominators reach the
    population (true for counts, milestones, an agency's own row and a ceiling ratio that has neither).
    """

    target: str
    plan: str
    province: str
    indicator: str
    measure: str
    comparator: str | None
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
    numerator: MeasureValue
    denominator: int | None
    expected: MeasureValue | None
    reporting_agencies: int
    roster_size: int
    entries: int
    status: TargetStatus | None
    actual_weak: MeasureValue | None
    doubts: list[OpenDoubt]
    span: str | None
    spans_met: int | None
    spans_due: int | None
    spans: int | None
    figure: MeasureValue | None
    baseline: MeasureValue | None
    baseline_year: int | None
    plan_version: int | None
    plan_document: str | None

    figure_weak: MeasureValue | None
    baseline_weak: MeasureValue | None
    starts_at_baseline: bool
    numerator_weak: MeasureValue
    denominator_weak: int | None
    met: bool
    is_proportion: bool
    is_ceiling: bool
    is_complete: bool
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
    adds_up: bool
    each: int
    numerator_vi: str | None
    denominator_vi: str | None
    has_spans: bool
    span_rows: list[Attainment]
    place_suffix: NotRequired[str | None]
    is_incomparable: NotRequired[bool]
    entry_version: NotRequired[int | None]


ATTAINMENT_COLUMNS: tuple[str, ...] = (
    "target", "plan", "province", "indicator", "measure", "comparator", "floor", "stretch", "unit",
    "recurrence", "force", "period_start", "period_end", "due_on", "as_of", "actual", "numerator",
    "denominator", "expected", "reporting_agencies", "roster_size", "entries", "status", "actual_weak",
    "doubts", "span", "spans_met", "spans_due", "spans", "figure", "baseline", "baseline_year",
    "plan_version", "plan_document",
)  # fmt: skip
"""The stable columns of `attainment` (design.md §6), in order."""

AGENCY_COLUMNS: tuple[str, ...] = (*ATTAINMENT_COLUMNS, "agency", "share")
"""The stable columns of `attainment --by agency`."""


def build_attainment_row(status_row: Mapping[str, object], doubts: Iterable[FoundDoubt] = ()) -> Attainment:
    """Return a row of `attainment_rows.sql` with its figures as numbers: int for counts, float for ratios."""
    row = dict(status_row)
    row["target"] = row.get("version_of") or row["target"]  # as it is named, whichever version of the plan judges
    row["entry_version"], row["plan_version"], row["plan_document"] = row["version"], None, None
    row["is_incomparable"] = False
    is_proportion, unit = cast(bool, row["is_proportion"]), cast(int, row["unit"])
    numerator, denominator = cast(int, row["numerator"]), cast("int | None", row["denominator"])
    floor = cast("Decimal | None", row["floor"])
    row["floor_exact"] = floor
    expected = _compute_expected(row, floor)
    row["expected_numerator"], row["expected_denominator"] = expected.numerator, expected.denominator
    row["expected"] = None if floor is None else _to_number(expected, is_proportion)
    row["starts_at_baseline"] = row["start_millionths"] is not None
    row["figure"] = row["figure_weak"] = None
    start = cast("Decimal | None", row["baseline"]) if row["agency"] is None else None
    row["baseline"] = row["baseline_weak"] = None if start is None else _to_number(Fraction(start), is_proportion)
    for suffix in ("", "_weak"):
        total = cast(int, row[f"numerator{suffix}"])
        base = cast("int | None", row[f"denominator{suffix}"])
        row[f"actual{suffix}"] = _compute_ratio(total, base) if is_proportion else to_number(Fraction(total, unit))
        row[f"numerator{suffix}"] = to_number(Fraction(cast(int, row[f"adds{suffix}"]), unit))
        if row["measure"] == "change":
            _set_change(row, suffix, total, base)
    if row["measure"] == "change" and row["baseline"] is None:
        row["expected"] = None
    row["doubts"] = [build_open_doubt(doubt, numerator, denominator, str(row["measure"]), unit) for doubt in doubts]
    for name in ("floor", "stretch", "share"):
        if row[name] is not None:
            row[name] = _to_number(Fraction(cast(Decimal, row[name])), is_proportion)
    row["unit"], row["span_rows"] = row["unit_vi"], []
    if row["has_spans"]:  # nothing is expected of the sum of a year
        row["expected"] = None
    if row["measure"] == "carried":  # its rows say what was done in words
        row["actual"] = row["actual_weak"] = None
    return cast(Attainment, {name: row[name] for name in Attainment.__annotations__})


def _set_change(row: dict[str, object], suffix: str, total: int, base: int | None) -> None:
    """Set the figure, the baseline and the actual of a change; nothing reported is no change."""
    unit, is_whole = cast(int, row["unit"]), row["agency"] is None
    row[f"figure{suffix}"] = to_number(Fraction(total, unit)) if is_whole else None
    row[f"baseline{suffix}"] = to_number(Fraction(base, unit)) if base else None
    row[f"actual{suffix}"] = float(Fraction(total, base) - 1) if base and row["entries"] else None
    row[f"denominator{suffix}"] = None


def attach_spans(rows: list[Attainment]) -> list[Attainment]:
    """Return the rows, each year of spans with their rows and doubts."""
    years = {(row["target"], row["agency"], row["period_start"].year): row for row in rows if row["has_spans"]}
    for row in rows if years else ():
        if row["span"] is not None:
            year = years[row["target"], row["agency"], row["period_start"].year]
            year["span_rows"].append(row)
            year["doubts"] += [doubt for doubt in row["doubts"] if doubt not in year["doubts"]]
            if row["doubts"] and row["measure"] in ("count", "amount") and row["accumulation"] == "increment":
                # what is certain of a year is its sum less what is not certain of its spans
                year["actual_weak"] = _lower(year["actual_weak"], row["actual"], row["actual_weak"])
                year["numerator_weak"] = _lower(year["numerator_weak"], row["numerator"], row["numerator_weak"])
    return rows


def _lower(figure: MeasureValue | None, full: MeasureValue | None, weak: MeasureValue | None) -> MeasureValue:
    exact = [Fraction(str(value or 0)) for value in (figure, full, weak)]
    return to_number(max(exact[0] - exact[1] + exact[2], Fraction(0)))


def select_targets(rows: Iterable[Attainment]) -> list[Attainment]:
    """Return the rows that stand for whole targets, or agencies' parts in them; of spans only their year."""
    return [row for row in rows if row["span"] is None]


def restore_attainment_row(stored_row: Mapping[str, Any]) -> Attainment:
    """Return the row of a whole target from a sealed edition, with the columns that older editions lack.

    Without a stored population or roster the figures count as complete, as that edition showed them.
    """
    defaults: dict[str, Any] = {
        "agency": None,
        "population": 0,
        "reporting_agencies": 0,
        "roster_reported": 0,
        "doubts": [],
        "adds_up": True,
        "each": 1,
        "numerator_vi": None,
        "denominator_vi": None,
        "has_spans": False,
        "span_rows": [],
        **dict.fromkeys(("span", "spans_met", "spans_due", "spans")),
        "place_suffix": None,
        **dict.fromkeys(("plan_version", "plan_document")),
        **dict.fromkeys(("figure", "baseline", "baseline_year", "figure_weak", "baseline_weak")),
        "starts_at_baseline": False,
    }
    row: dict[str, Any] = {**defaults, **stored_row}
    for name in ("actual", "numerator", "denominator"):
        row.setdefault(f"{name}_weak", row.get(name))
    row.setdefault("entries", row["reporting_agencies"])
    if "is_complete" not in row:
        row["is_proportion"] = row["measure"] in ("ratio", "coverage")
        row["is_ceiling"] = row["comparator"] in ("<=", "<")
        row["is_complete"] = (
            not (row["is_proportion"] or row["measure"] == "change")
            or row["agency"] is not None
            or "population" not in stored_row
            or 0 < row["roster_size"] == row["roster_reported"]
            or (row["measure"] == "coverage" and row["roster_size"] > 0 and not row["is_ceiling"])
            or (row["measure"] == "ratio" and (row["denominator"] or 0) >= (row["population"] or math.inf))
            or ((row["measure"], row["population"], row["roster_size"]) == ("ratio", None, 0) and row["is_ceiling"])
        )
    return cast(Attainment, row)


def _compute_ratio(numerator: int, denominator: int | None) -> float | None:
    return numerator / denominator if denominator else None


def _compute_expected(row: Mapping[str, object], floor: Decimal | None) -> Fraction:
    if floor is None:
        return Fraction(0)
    if row["expected_whole"] is not None:
        return Fraction(cast(int, row["expected_whole"]))
    start = Fraction(cast("int | None", row["start_millionths"]) or 0, 1_000_000)
    base = 1 if row["measure"] == "change" else 0  # its figure is paced as a fraction of its base
    pace = Fraction(cast(int, row["pace_part"]), cast(int, row["pace_whole"]))
    return start + (Fraction(floor) + base - start) * pace - base


def _to_number(value: Fraction, is_proportion: bool) -> MeasureValue:
    return float(value) if is_proportion else to_number(value)
