"""The SQL gives the results of the plain rules, on random registers and entries (design.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import ATTAINMENT_COLUMNS, Attainment, restore_attainment_row
from kpis.measures.doubtful_entries import PeriodKey, get_period_key
from kpis.measures.question import Question
from tests.measures import rules_in_python as rules
from tests.measures.random_registers import as_of_day_triples, days, draw_register, known_at_moments
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, build_database

pytestmark = pytest.mark.slow

SQL_DECISIONS = ("is_proportion", "is_ceiling", "is_complete")
DrawnRegister = tuple[list[TinyTarget], list[TinyEntry]]
property_settings = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def list_periods_in(targets: Sequence[TinyTarget], year: int) -> list[tuple[TinyTarget, rules.PeriodDates]]:
    """Return what is asked for in a year: targets with the floor of the period, and the period."""
    return [
        (replace(target, floor=floor), period)
        for target in targets
        for period, (floor, first, last) in zip(target.periods, target.list_stages(), strict=True)
        if first <= year <= last
    ]


def get_row_figures(row: Attainment) -> dict[str, Any]:
    return {
        "numerator": row["numerator"], "denominator": row["denominator"], "entries": row["entries"],
        "actual": row["actual"], "expected": row["expected"], "status": row["status"],
        "reporting_agencies": row["reporting_agencies"], "met": row["met"], "weak": row["actual_weak"],
    }  # fmt: skip


def get_rule_figures(result: rules.RuleResult) -> dict[str, Any]:
    figures = result.figures
    return {
        "numerator": float(figures.numerator), "denominator": figures.denominator, "entries": figures.entries,
        "actual": None if figures.actual is None else float(figures.actual),
        "expected": None if result.expected is None else float(result.expected),
        "status": result.status, "reporting_agencies": len(figures.reporting_agencies),
        "met": result.status in ("attained", "attained_late"),
        "weak": None if result.weak is None or result.weak.actual is None else float(result.weak.actual),
    }  # fmt: skip


def index_by_period(rows: Sequence[Attainment]) -> Mapping[PeriodKey, Attainment]:
    return {get_period_key(row): row for row in rows}


def sum_exactly(figures: Iterable[float]) -> Fraction:
    """Return a sum of decimals: as floats, 2.000001 and 3.7 are not quite 5.700001."""
    return sum((Fraction(str(figure)) for figure in figures), Fraction(0))


def check_targets(db: TinyDatabase, drawn: DrawnRegister, as_of: date, year: int, known_at: datetime | None) -> None:
    targets, entries = drawn
    question = Question(as_of, known_at=known_at, year=year)
    actual_rows = index_by_period(compute_attainment(db, question))
    assert actual_rows == index_by_period(compute_from_entries(db, question))
    for row in actual_rows.values():
        stored = {name: value for name, value in row.items() if name not in SQL_DECISIONS}
        assert restore_attainment_row(stored) == row
    known_entries = rules.select_known(entries, known_at)
    assert {name: get_row_figures(row) for name, row in actual_rows.items()} == {
        (target.id, *period[:2]): get_rule_figures(rules.evaluate_target(target, period, known_entries, as_of))
        for target, period in list_periods_in(targets, year)
    }


def check_agencies(db: TinyDatabase, drawn: DrawnRegister, as_of: date, known_at: datetime | None) -> None:
    targets, entries = drawn
    known_entries = rules.select_known(entries, known_at)
    milestones = {target.id for target in targets if target.measure == "milestone"}
    expected = {
        ((target.id, *period[:2]), agency): get_rule_figures(
            rules.evaluate_agency(target, period, known_entries, as_of, agency)
        )
        for target, period in list_periods_in(targets, as_of.year)
        for agency in rules.list_agencies(target, period, known_entries, as_of)
    }
    actual = {
        (get_period_key(row), row["agency"] or ""): get_row_figures(row)
        for row in compute_by_agency(db, Question(as_of, known_at=known_at))
    }
    for key, agency in expected.keys() & actual.keys():
        if key[0] in milestones:  # reached once: `numerator` is what the agency adds, `actual` its own
            added = actual[key, agency].pop("numerator")
            assert added <= expected[key, agency].pop("numerator")
    assert actual == expected


@property_settings
@given(draw_register(), as_of_day_triples, known_at_moments)
def test_5_both_ways_of_counting_agree_with_the_plain_rules(
    drawn: DrawnRegister, as_of_days: tuple[date, ...], known_at: datetime
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        check_targets(db, drawn, as_of, as_of.year, None)
        check_targets(db, drawn, as_of, as_of.year, known_at)


@property_settings
@given(draw_register(), days, st.integers(2025, 2029))
def test_6_any_year_can_be_requested_as_of_any_day(drawn: DrawnRegister, as_of: date, year: int) -> None:
    check_targets(build_database(*drawn), drawn, as_of, year, None)


@property_settings
@given(draw_register(), as_of_day_triples, st.one_of(st.none(), known_at_moments))
def test_5_each_agency_is_judged_by_its_own_entries(
    drawn: DrawnRegister, as_of_days: tuple[date, ...], known_at: datetime | None
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        check_agencies(db, drawn, as_of, known_at)


@property_settings
@given(draw_register(), as_of_day_triples, st.one_of(st.none(), known_at_moments))
def test_5_the_agencies_add_up_to_the_target(
    drawn: DrawnRegister, as_of_days: tuple[date, ...], known_at: datetime | None
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        agency_rows = compute_by_agency(db, Question(as_of, known_at=known_at))
        for row in compute_attainment(db, Question(as_of, known_at=known_at)):
            parts = [part for part in agency_rows if get_period_key(part) == get_period_key(row)]
            assert sum_exactly(part["numerator"] for part in parts) == sum_exactly([row["numerator"]])
            assert sum(part["entries"] for part in parts) == row["entries"]
            assert sum(part["reporting_agencies"] for part in parts) == row["reporting_agencies"]
            if row["denominator"] is not None:
                assert sum(part["denominator"] or 0 for part in parts) == row["denominator"]


def test_6_every_row_has_the_stable_columns() -> None:
    (row,) = compute_attainment(build_database([TinyTarget()]), Question(date(2026, 7, 1)))
    assert set(ATTAINMENT_COLUMNS) < set(row)
