"""Attainment: every target's actual against its floor and pace, as of a day (design.md §5, §6)."""

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
    """One row per target whose period contains `year` (default: the as-of day's), in the register's order.

    `known_at` (naive UTC) asks for what had been read by that moment. Current figures come from what was
    computed at publication; only targets that were known otherwise then are counted from their entries.
    `province` leaves out the wards inside it.
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
    """A day's rows as known at a moment, and the same rows as known now."""
    rows = _compute_rows(db, _CURVE_STEPS, build_parameters(as_of, None, year, province, plan))
    otherwise = {
        str(row["target"])
        for row in run_query(db, _CHANGED_TARGETS_QUERY, {"as_of": as_of, "known_at": known_at})
    }
    if not otherwise:
        return rows, rows
    then = compute_from_entries(db, as_of, known_at, year, province, plan, otherwise)
    counted = {(row["target"], row["period_start"]): row for row in then}
    return [counted.get((row["target"], row["period_start"]), row) for row in rows], rows


def compute_from_entries(
    db: DatabaseReader,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
    targets: Collection[str] | None = None,
) -> list[Attainment]:
    """The same rows as `attainment`, counted from the entries one by one, of `targets` alone if given."""
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
    """The same per agency that leads, stands on the roster, holds a share or has an entry (design.md §5).

    A count or milestone without a share of the agency's own has no floor, expected or status: they are None.
    The agencies' `numerator` add up to the target's. `agency` asks for one of them.
    """
    asked = {**build_parameters(as_of, known_at, year, province, plan), "agency": agency}
    return [build_attainment_row(row) for row in run_query(db, _build_by_agency_query(db, asked), asked)]


def iterate_by_agency(db: DatabaseReader, as_of: date, plan: str | None = None) -> Iterator[Attainment]:
    """The same rows for the day's year as known now, made one after the other, plan after plan."""
    asked = build_parameters(as_of, None, None, None, plan)
    text = _build_by_agency_query(db, asked)
    return (build_attainment_row(row) for row in db.iterate_rows(text, select_parameters(text, asked)))


def _build_by_agency_query(db: DatabaseReader, params: Mapping[str, object]) -> str:
    return build_statement(
        ["requested_periods", choose_agency_totals(db, params), *AGENCY_STEPS, *_STATUS_STEPS], _ROW_ORDER
    )


def choose_agency_totals(db: DatabaseReader, params: Mapping[str, object]) -> QueryStep:
    """The step that says what each agency has brought: as published if that holds for the day asked for.

    It holds while no entry is later than the day, and nothing was known otherwise then.
    """
    differing = params["known_at"] != KNOWN_NOW and run_query(db, _CHANGED_TARGETS_QUERY, params)
    return _COUNTED_TOTALS if differing or run_query(db, _LATER_ENTRIES_QUERY, params) else _PUBLISHED_TOTALS


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
    """The parameters of `requested_periods.sql` and of what is counted for it."""
    return {
        "as_of": as_of,
        "known_at": known_at or KNOWN_NOW,
        "year": as_of.year if year is None else year,
        "province": province,
        "plan": plan,
        "targets": None if targets is None else sorted(targets),
        "agency": None,
    }
