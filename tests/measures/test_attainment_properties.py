"""The SQL says what the plain rules say, on random registers and entries (design.md §5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import attainment, by_agency, from_entries
from kpis.measures.attainment_rows import COLUMNS, Attainment
from tests.measures import rules_in_python as rules
from tests.measures.random_registers import asked_days, days, moments, registers
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, database

Drawn = tuple[list[TinyTarget], list[TinyEntry]]
many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def periods_in(targets: Sequence[TinyTarget], year: int) -> list[tuple[TinyTarget, rules.Period]]:
    return [(t, period) for t in targets for period in t.periods if period[0].year <= year <= period[1].year]


def said(row: Attainment) -> dict[str, Any]:
    return {
        "numerator": row["numerator"], "denominator": row["denominator"], "entries": row["entries"],
        "actual": row["actual"], "expected": row["expected"], "status": row["status"],
        "reporting_agencies": row["reporting_agencies"], "met": row["met"],
    }  # fmt: skip


def ruled(verdict: rules.Verdict) -> dict[str, Any]:
    figures = verdict.figures
    return {
        "numerator": figures.numerator, "denominator": figures.denominator, "entries": figures.entries,
        "actual": None if figures.actual is None else float(figures.actual),
        "expected": None if verdict.expected is None else float(verdict.expected),
        "status": verdict.status, "reporting_agencies": len(figures.reporting),
        "met": verdict.status in ("attained", "attained_late"),
    }  # fmt: skip


def rows_by_target(rows: Sequence[Attainment]) -> Mapping[str, Attainment]:
    return {row["target"]: row for row in rows}


def check_whole(db: TinyDatabase, drawn: Drawn, as_of: date, year: int, known_at: datetime | None) -> None:
    targets, entries = drawn
    got = rows_by_target(attainment(db, as_of, known_at, year))
    assert got == rows_by_target(from_entries(db, as_of, known_at, year))
    known = rules.known(entries, known_at)
    assert {name: said(row) for name, row in got.items()} == {
        target.id: ruled(rules.judge(target, period, known, as_of))
        for target, period in periods_in(targets, year)
    }


@many
@given(registers(), asked_days, moments)
def test_5_both_paths_say_what_the_plain_rules_say(
    drawn: Drawn, asked: tuple[date, ...], known_at: datetime
) -> None:
    db = database(*drawn)
    for as_of in asked:
        check_whole(db, drawn, as_of, as_of.year, None)
        check_whole(db, drawn, as_of, as_of.year, known_at)


@many
@given(registers(), days, st.integers(2025, 2029))
def test_6_any_year_can_be_asked_for_as_of_any_day(drawn: Drawn, as_of: date, year: int) -> None:
    check_whole(database(*drawn), drawn, as_of, year, None)


@many
@given(registers(), asked_days, st.one_of(st.none(), moments))
def test_5_each_agency_is_judged_by_its_own_entries(
    drawn: Drawn, asked: tuple[date, ...], known_at: datetime | None
) -> None:
    targets, entries = drawn
    db, known = database(*drawn), rules.known(entries, known_at)
    milestones = {target.id for target in targets if target.measure == "milestone"}
    for as_of in asked:
        wanted = {
            (target.id, agency): ruled(rules.judge_agency(target, period, known, as_of, agency))
            for target, period in periods_in(targets, as_of.year)
            for agency in rules.agencies_of(target, period, known, as_of)
        }
        got = {(row["target"], row["agency"] or ""): said(row) for row in by_agency(db, as_of, known_at)}
        for target, agency in wanted.keys() & got.keys():
            if target in milestones:  # reached once: `numerator` is what the agency adds, `actual` its own
                added, own = got[target, agency].pop("numerator"), wanted[target, agency].pop("numerator")
                assert added <= own
        assert got == wanted


@many
@given(registers(), asked_days, st.one_of(st.none(), moments))
def test_5_what_the_agencies_add_is_the_target(
    drawn: Drawn, asked: tuple[date, ...], known_at: datetime | None
) -> None:
    db = database(*drawn)
    for as_of in asked:
        parts = by_agency(db, as_of, known_at)
        for whole in attainment(db, as_of, known_at):
            own = [part for part in parts if part["target"] == whole["target"]]
            assert sum(part["numerator"] for part in own) == whole["numerator"]
            assert sum(part["entries"] for part in own) == whole["entries"]
            assert sum(part["reporting_agencies"] for part in own) == whole["reporting_agencies"]
            if whole["denominator"] is not None:
                assert sum(part["denominator"] or 0 for part in own) == whole["denominator"]


def test_6_the_columns_stand_in_every_row() -> None:
    (row,) = attainment(database([TinyTarget()]), date(2026, 7, 1))
    assert set(COLUMNS) < set(row)
