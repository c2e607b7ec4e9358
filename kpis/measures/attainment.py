"""Attainment: every target's actual compared with its floor and pace, as of a day (design.md §5, §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from kpis.measures.attainment_rows import Attainment, build_attainment_row
from kpis.measures.query import (
    KNOWN_NOW,
    DatabaseReader,
    QueryStep,
    build_statement,
    run_query,
    select_parameters,
)
from kpis.measures.question import Question

_ROW_ORDER = "plan_position, position, period_start, agency nulls first"
_CURVE_STEPS: list[QueryStep] = [("totals", "totals_from_curve"), "subjects"]
_ENTRY_STEPS: list[QueryStep] = ["agency_totals", ("totals", "totals_from_entries"), "subjects"]
AGENCY_STEPS: list[QueryStep] = [("totals", "totals_by_agency"), ("subjects", "agency_subjects")]
_STATUS_STEPS: list[QueryStep] = ["expected_values", "attainment_statuses", "attainment_rows"]
_COUNTED_TOTALS: QueryStep = "agency_totals"
_PUBLISHED_TOTALS: QueryStep = ("agency_totals", "agency_totals_from_published")
_CHANGED_TARGETS_QUERY = build_statement(["changed_targets"])
_LATER_ENTRIES_QUERY = build_statement(["requested_periods", "later_entries"])


def compute_attainment(db: DatabaseReader, question: Question) -> list[Attainment]:
    """Return one row per target whose period contains the question's year, in the register's order.

    Current figures come from what was computed at publication; only targets that were known otherwise at
    `known_at` are counted from their entries.
    """
    if question.known_at is None:
        return _compute_rows(db, _CURVE_STEPS, question.to_parameters())
    return compute_known_and_current(db, question)[0]


def compute_known_and_current(
    db: DatabaseReader, question: Question
) -> tuple[list[Attainment], list[Attainment]]:
    """Return a day's rows as known at the question's moment, and the same rows as known now."""
    rows = _compute_rows(db, _CURVE_STEPS, replace(question, known_at=None).to_parameters())
    changed_targets = {
        str(row["target"]) for row in run_query(db, _CHANGED_TARGETS_QUERY, question.to_parameters())
    }
    if not changed_targets:
        return rows, rows
    known_rows = compute_from_entries(db, question, changed_targets)
    rows_by_period = {(row["target"], row["period_start"]): row for row in known_rows}
    return [rows_by_period.get((row["target"], row["period_start"]), row) for row in rows], rows


def compute_from_entries(
    db: DatabaseReader, question: Question, targets: Collection[str] | None = None
) -> list[Attainment]:
    """Return the rows of `compute_attainment` counted from the entries, of `targets` only if given."""
    return _compute_rows(db, _ENTRY_STEPS, question.to_parameters(targets))


def compute_by_agency(db: DatabaseReader, question: Question) -> list[Attainment]:
    """Return the rows per agency that leads, is on the roster, has a share or an entry (design.md §5).

    A count or milestone without a share of the agency's own has no floor, expected or status: they are None.
    The agencies' `numerator` add up to the target's.
    """
    return list(iterate_by_agency(db, question))


def iterate_by_agency(db: DatabaseReader, question: Question) -> Iterator[Attainment]:
    """Yield the rows of `compute_by_agency` one by one, plan after plan."""
    params = question.to_parameters()
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
