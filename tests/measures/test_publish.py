"""Totals computed at publication hold for every day, for all plans or plan by plan (design.md §8)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from kpis.measures import publish
from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from tests.measures.random_registers import draw_register
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyPlan, TinyTarget, build_database

pytestmark = pytest.mark.slow

TABLES = ("curve", "standings")


def read_published_tables(db: TinyDatabase) -> list[list[tuple[object, ...]]]:
    return [db.con.execute(f"from {table} order by all").fetchall() for table in TABLES]


def test_8_only_the_named_plans_are_computed_again() -> None:
    targets = [TinyTarget(), TinyTarget(id="q.01", plan="q")]
    entries = [TinyEntry(target.id, "A", date(2026, 3, 2), 1) for target in targets]
    db = build_database(targets, entries, [TinyPlan(), TinyPlan("q")])
    db.con.execute("update entries set quantity = 5")
    publish.publish_totals(db.con, ["q"])
    assert [row["actual"] for row in compute_attainment(db, Question(date(2026, 7, 1)))] == [1, 5]
    publish.publish_totals(db.con)
    assert [row["actual"] for row in compute_attainment(db, Question(date(2026, 7, 1)))] == [5, 5]


def test_8_a_removed_target_leaves_no_published_rows() -> None:
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", date(2026, 3, 2), 1)])
    db.con.execute("delete from targets")
    publish.publish_totals(db.con)
    assert read_published_tables(db) == [[], []]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draw_register())
def test_8_computing_twice_changes_nothing(drawn: tuple[list[TinyTarget], list[TinyEntry]]) -> None:
    db = build_database(*drawn)
    tables = read_published_tables(db)
    publish.publish_totals(db.con, ["p"])
    assert read_published_tables(db) == tables


def test_8_a_total_holds_from_its_day_until_the_next_one() -> None:
    days = [date(2026, 3, 2), date(2026, 12, 15), date(2026, 12, 16)]
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", day, 1) for day in days])
    rows = db.con.execute("select day, until, numerator, stood_when_due from curve order by day").fetchall()
    assert rows == [
        (days[0], days[1], 1, False), (days[1], days[2], 2, True), (days[2], date(9999, 12, 31), 3, False),
    ]  # fmt: skip
