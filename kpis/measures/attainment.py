"""Attainment: every target's actual compared with its floor and pace, as of a day (design.md §5, §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from kpis.measures.attainment_rows import Attainment, build_attainment_row
from kpis.measures.query import (
    KNOWN_NOW,
    DatabaseReader,
    QueryStep,
    build_statement,
    run_query,
    select_parameters,
)

_ROW_ORDER = "plan_position, position, period_start, agency nulls first"
_CURVE_STEPS: list[QueryStep] = [("totals", "totals_from_curve"), "subjects"]
_ENTRY_STEPS: list[QueryStep] = ["agency_totals", ("totals", "totals_from_entries"), "subjects"]
AGENCY_STEPS: list[QueryStep] = [("totals", "totals_by_agency"), ("subjects", "agency_subjects")]
_STATUS_STEPS: list[QueryStep] = ["expected_values", "attainment_statuses", "attainment_rows"]
_COUNTED_TOTALS: QueryStep = "agency_totals"
_PUBLISHED_TOTALS: QueryStep = ("agency_totals", "agency_totals_from_published")
_CHANGED_TARGETS_QUERY = build_statement(["changed_targets"])
_LATER_ENTRIES_QUERY = build_statement(["requested_periods", "later_entries"])


def compute_attainment(
    db: DatabaseReader,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> list[Attainment]:
    """Return one row per target whose period contains `year` (default: the as-of day's), in register order.

    `known_at` (naive UTC): only what had been read by that moment. Current figures come from the totals
    computed at publication; only targets whose figures have changed since `known_at` are counted from their
    entries. `province` excludes the plans of wards inside it.
    """
    if known_at is None:
        return _compute_rows(db, _CURVE_STEPS, build_parameters(as_of, None, year, province, plan))
    return compute_known_and_current(db, as_of, known_at, year, province, plan)[0]


def compute_known_and_current(
    db: DatabaseReader,
    as_of: date,
    known_at: datetime,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> tuple[list[Attainment], list[Attainment]]:
    """Return a day's rows as known at a moment (naive UTC), and the same rows as known now."""
    rows = _compute_rows(db, _CURVE_STEPS, build_parameters(as_of, None, year, province, plan))
    params = {"as_of": as_of, "known_at": known_at}
    changed_targets = {str(row["target"]) for row in run_query(db, _CHANGED_TARGETS_QUERY, params)}
    if not changed_targets:
        return rows, rows
    known_rows = compute_from_entries(db, as_of, known_at, year, province, plan, changed_targets)
    rows_by_period = {(row["target"], row["period_start"]): row for row in known_rows}
    return [rows_by_period.get((row["target"], row["period_start"]), row) for row in rows], rows


def compute_from_entries(
    db: DatabaseReader,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
    targets: Collection[str] | None = None,
) -> list[Attainment]:
    """Return the rows of `compute_attainment`, counted from single entries; only of `targets` if given."""
    return _compute_rows(db, _ENTRY_STEPS, build_parameters(as_of, known_at, year, province, plan, targets))


def compute_by_agency(
    db: DatabaseReader,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
    agency: str | None = None,
) -> list[Attainment]:
    """Return a row per target and agency that leads it, is on its roster, has a share or an entry.

    For a count or milestone without a share of the agency, `floor`, `expected` and `status` are None.
    The agencies' `numerator` add up to the target's. `agency` selects one of them.
    """
    params = {**build_parameters(as_of, known_at, year, province, plan), "agency": agency}
    return [build_attainment_row(row) for row in run_query(db, _build_by_agency_query(db, params), params)]


def iterate_by_agency(db: DatabaseReader, as_of: date, plan: str | None = None) -> Iterator[Attainment]:
    """Yield the rows of `compute_by_agency` for the day's year as known now, one by one, plan after plan."""
    params = build_parameters(as_of, None, None, None, plan)
    text = _build_by_agency_query(db, params)
    return (build_attainment_row(row) for row in db.iterate_rows(text, select_parameters(text, params)))


def _build_by_agency_query(db: DatabaseReader, params: Mapping[str, object]) -> str:
    return build_statement(
        ["requested_periods", choose_agency_totals(db, params), *AGENCY_STEPS, *_STATUS_STEPS], _ROW_ORDER
    )


def choose_agency_totals(db: DatabaseReader, params: Mapping[str, object]) -> QueryStep:
    """Return the step that computes each agency's totals: the published ones if they hold for the day.

    They hold if no entry is later than the day and nothing has changed since the requested `known_at`.
    """
    has_changed = params["known_at"] != KNOWN_NOW and run_query(db, _CHANGED_TARGETS_QUERY, params)
    return (
        _COUNTED_TOTALS if has_changed or run_query(db, _LATER_ENTRIES_QUERY, params) else _PUBLISHED_TOTALS
    )


def _compute_rows(
    db: DatabaseReader, total_steps: list[QueryStep], params: Mapping[str, object]
) -> list[Attainment]:
    rows = run_query(
        db, build_statement(["requested_periods", *total_steps, *_STATUS_STEPS], _ROW_ORDER), params
    )
    return [build_attainment_row(row) for row in rows]


def build_parameters(
    as_of: date,
    known_at: datetime | None,
    year: int | None,
    province: str | None,
    plan: str | None,
    targets: Collection[str] | None = None,
) -> dict[str, object]:
    """Return the parameters of `requested_periods.sql` and of the steps that follow it."""
    return {
        "as_of": as_of,
        "known_at": known_at or KNOWN_NOW,
        "year": as_of.year if year is None else year,
        "province": province,
        "plan": plan,
        "targets": None if targets is None else sorted(targets),
        "agency": None,
    }
