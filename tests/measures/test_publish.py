"""Totals computed at publication hold for every day, whether all are computed or those that changed (design.md §8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures import publish, published_totals
from tests.measures.published_tables import Tables, read_published_tables
from tests.measures.random_registers import draw_doubtful_changes, draw_doubtful_register, draw_register
from tests.measures.test_attainment_properties import DrawnRegister
from tests.measures.test_merger_properties import draw_mergers, merge
from tests.measures.test_span_properties import draw_spans
from tests.measures.tiny_database import (
    TinyDatabase,
    TinyEntry,
    TinyPlan,
    TinyTarget,
    build_database,
    insert_table_rows,
    make_year_period,
)

pytestmark = pytest.mark.slow

MOMENTS = [datetime(2027, 2, day, 3) for day in range(1, 5)]
"""When entries are recorded and retired, one publication after each."""


def publish_step(db: TinyDatabase, entries: list[TinyEntry], step: int) -> Tables:
    """Record and retire what belongs to a moment, compute what this changes, and return the published tables."""
    at = MOMENTS[step]
    rows = [row | {"retired_at": None} for n, entry in enumerate(entries) for _, row in entry.build_rows(n)]
    insert_table_rows(db.con, "entries", [row for row in rows if row["recorded_at"] == at])
    ended = [n for n, entry in enumerate(entries) if entry.retired == at]
    db.con.execute(
        "update entries set retired_at = $at where list_contains($rows, row_hash)", {"at": at, "rows": ended}
    )
    publish.publish_totals(db.con, at - timedelta(microseconds=1))
    return read_published_tables(db.con)


def compute_all(db: TinyDatabase) -> Tables:
    publish.publish_totals(db.con)
    return read_published_tables(db.con)


@st.composite
def draw_history(draw: st.DrawFn) -> DrawnRegister:
    """Draw a register, mergers of agencies perhaps, and entries that are recorded and retired at one of the moments."""
    drawn = draw(st.one_of(draw_register(), draw_doubtful_register(), draw_doubtful_changes(), draw_spans()))
    if draw(st.booleans()):
        drawn = merge(drawn, draw(draw_mergers()))
    entries = []
    for entry in drawn[1]:
        first = draw(st.integers(0, len(MOMENTS) - 1))
        last = draw(st.integers(first, len(MOMENTS)))
        retired = MOMENTS[last] if first < last < len(MOMENTS) else None
        entries.append(replace(entry, recorded=MOMENTS[first], retired=retired))
        if retired and draw(st.booleans()):  # it is there again, perhaps otherwise
            quantity = draw(st.sampled_from([entry.quantity, 0, 1]))
            entries.append(replace(entry, quantity=quantity, recorded=retired, retired=None))
    return drawn[0], entries


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(draw_history())
def test_8_what_is_computed_of_a_change_equals_what_is_computed_of_all(drawn: DrawnRegister) -> None:
    targets, entries = drawn
    db = build_database(targets)
    for step in range(len(MOMENTS)):
        tables = publish_step(db, entries, step)
        assert tables == compute_all(db), step


def test_8_entries_of_many_rows_are_read_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_totals, "_MAX_COPIED_ROWS", 2)
    entries = [TinyEntry("p.01", "A", date(2026, 3, day), 1, recorded=MOMENTS[day % 2]) for day in range(1, 6)]
    db = build_database([TinyTarget()])
    for step in range(2):
        assert publish_step(db, entries, step) == compute_all(db)
    assert len(read_published_tables(db.con)["curve"]) == len(entries)


def test_8_only_periods_with_a_changed_entry_are_computed_again() -> None:
    years = tuple(make_year_period(year) for year in (2026, 2027))
    targets = [TinyTarget(periods=years, recurrence="yearly"), TinyTarget(id="q.01", plan="q")]
    old = [TinyEntry(target, "A", date(year, 3, 2), 1) for target, year in
           (("p.01", 2026), ("p.01", 2027), ("q.01", 2026))]  # fmt: skip
    db = build_database(targets, old, [TinyPlan(), TinyPlan("q")])
    db.con.execute("update entries set quantity = 5")
    publish_step(db, [TinyEntry("p.01", "A", date(2027, 3, 2), 2, recorded=MOMENTS[0])], 0)
    figures = "select target, period_start, numerator from curve order by all"
    expected = [("p.01", date(2026, 1, 1), 1), ("p.01", date(2027, 1, 1), 7), ("q.01", date(2026, 1, 1), 1)]
    assert db.con.execute(figures).fetchall() == expected
    assert [row[-1] for row in compute_all(db)["doubtful_periods"]] == []
    assert [row[2] for row in db.con.execute(figures).fetchall()] == [5, 7, 5]


def test_8_without_a_changed_entry_nothing_is_computed() -> None:
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", date(2026, 3, 2), 1)])
    tables = read_published_tables(db.con)
    db.con.execute("update entries set quantity = 5")
    publish.publish_totals(db.con, MOMENTS[0])
    assert read_published_tables(db.con) == tables


def test_8_a_removed_target_leaves_no_published_rows() -> None:
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", date(2026, 3, 2), 1)])
    db.con.execute("delete from targets")
    publish.publish_totals(db.con)
    assert not any(read_published_tables(db.con).values())


def test_8_a_total_holds_from_its_day_until_the_next_one() -> None:
    days = [date(2026, 3, 2), date(2026, 12, 15), date(2026, 12, 16)]
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", day, 1) for day in days])
    rows = db.con.execute("select day, until, numerator, stood_when_due from curve order by day").fetchall()
    assert rows == [
        (days[0], days[1], 1, False), (days[1], days[2], 2, True), (days[2], date(9999, 12, 31), 3, False),
    ]  # fmt: skip
