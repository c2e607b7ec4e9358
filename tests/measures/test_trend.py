"""The trend of the last twelve weeks, compared with a plain rule on random weeks (design.md §4, The trend)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from kpis.measures.attainment_rows import STATUSES
from kpis.measures.connection_reader import ConnectionReader
from kpis.measures.trend import COUNTED_STATUSES, TREND_WEEKS, count_weeks, list_target_weeks
from kpis.store import sql

WEEK = timedelta(days=7)
AS_OF = date(2027, 1, 20)
Row = dict[str, Any]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(sql.load("kpis.store", "schema"))
        yield opened


def make_row(sunday: date, plan: str, target: str, **more: Any) -> Row:
    """Return a row of `weekly`: 24 of the 30 expected, on a plan with one version."""
    row = {
        "sunday": sunday, "plan": plan, "target": target, "period_start": date(sunday.year, 1, 1),
        "period_end": date(sunday.year, 12, 31), "measure": "count", "status": "at_risk", "actual": 24.0,
        "expected": 30.0, "plan_version": None,
    }  # fmt: skip
    return {**row, **more}


def make_random_rows(rng: random.Random) -> list[Row]:
    """Return weeks of three plans around a new year: some missing, some plans begun later, versions that rise."""
    rows = []
    missed = {number for number in range(17) if rng.random() < 0.05}
    for plan in "abc":
        begins = rng.choice([0, 0, 0, 9])
        version: int | None = None
        for number in range(begins, 17):
            if number in missed or rng.random() < 0.04:
                continue
            if rng.random() < 0.07:
                version = (version or 1) + 1
            sunday = date(2026, 9, 27) + number * WEEK
            for target in range(rng.choice([2, 3])):
                judged_by = version if target == 0 or version is None else rng.choice([1, version])
                more = {
                    "status": rng.choice(STATUSES),
                    "actual": rng.choice([None, 0.0, 24.0]),
                    "plan_version": judged_by,
                }
                rows.append(make_row(sunday, plan, f"{plan}.{target}", **more))
    return rows


def insert(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> ConnectionReader:
    if rows:
        connection.execute(sql.load("kpis.measures", "insert_week"), {"rows": rows})
    return ConnectionReader(connection)


def count_plainly(rows: list[Row], plans: set[str]) -> list[tuple[Any, ...]]:
    """Return Sunday, line, reason, targets and the six counts of each week, by the rule of design.md."""
    by_sunday: dict[date, list[Row]] = {}
    for row in rows:
        if row["plan"] in plans and row["status"] != "carried" and 0 <= (AS_OF - row["sunday"]).days < 7 * TREND_WEEKS:
            by_sunday.setdefault(row["sunday"], []).append(row)
    weeks: list[tuple[Any, ...]] = []
    line, earlier, earlier_versions = 0, None, {}
    for sunday in sorted(by_sunday):
        versions: dict[str, int] = {}
        for row in by_sunday[sunday]:
            versions[row["plan"]] = max(versions.get(row["plan"], 1), row["plan_version"] or 1)
        reason: str | None
        if earlier is None:
            reason = "first"
        elif sunday - earlier != WEEK:
            reason = "gap"
        elif sunday.year != earlier.year:
            reason = "year"
        elif set(versions) != set(earlier_versions):
            reason = "plans"
        else:
            reason = "version" if versions != earlier_versions else None
        line += reason is not None
        statuses = [("attained" if row["status"] == "attained_late" else row["status"]) for row in by_sunday[sunday]]
        weeks.append((sunday, line, reason, len(statuses), {name: statuses.count(name) for name in COUNTED_STATUSES}))
        earlier, earlier_versions = sunday, versions
    return weeks


@pytest.mark.parametrize("seed", range(40))
def test_counts_and_lines_follow_the_plain_rule(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    rng = random.Random(seed)
    rows = make_random_rows(rng)
    reader = insert(connection, rows)
    plans = set(rng.sample("abc", rng.choice([1, 2, 3])))
    weeks = count_weeks(reader, AS_OF, plans)
    counted = [(week.sunday, week.line, week.break_reason, week.targets, dict(week.counts)) for week in weeks]
    assert counted == count_plainly(rows, plans)


def test_the_random_weeks_have_every_reason_for_a_new_line() -> None:
    reasons = set()
    for seed in range(40):
        reasons |= {week[2] for week in count_plainly(make_random_rows(random.Random(seed)), set("abc"))}
    assert reasons == {None, "first", "gap", "year", "plans", "version"}


def test_at_most_twelve_weeks_up_to_the_day_are_shown(connection: duckdb.DuckDBPyConnection) -> None:
    sundays = [date(2026, 6, 7) + number * WEEK for number in range(20)]
    reader = insert(connection, [make_row(sunday, "a", "a.1") for sunday in sundays])
    by_sunday = [week.sunday for week in count_weeks(reader, sundays[15], {"a"})]
    assert by_sunday == sundays[4:16]
    assert [week.sunday for week in count_weeks(reader, sundays[15] - timedelta(days=1), {"a"})] == sundays[3:15]
    assert count_weeks(reader, sundays[0] - timedelta(days=1), {"a"}) == []
    assert count_weeks(reader, sundays[15], {"b"}) == []


def test_a_target_has_its_own_line(connection: duckdb.DuckDBPyConnection) -> None:
    """Another version of the plan breaks the line of a target that it judges, and of no other."""
    first, second = date(2026, 12, 13), date(2026, 12, 20)
    rows = [
        make_row(first, "a", "a.1"),
        make_row(first, "a", "a.2", status="attained_late", actual=30.0),
        make_row(second, "a", "a.1", plan_version=2, expected=40.5),
        make_row(second, "a", "a.2", plan_version=1, actual=None),
    ]
    reader = insert(connection, rows)
    first_target, second_target = (list_target_weeks(reader, AS_OF, "a", target) for target in ("a.1", "a.2"))
    assert [(week.line, week.break_reason) for week in first_target] == [(1, "first"), (2, "version")]
    assert [(week.line, week.break_reason) for week in second_target] == [(1, "first"), (1, None)]
    assert [(week.status, week.actual, week.expected) for week in second_target] == [
        ("attained_late", 30.0, 30.0),
        ("at_risk", None, 30.0),
    ]
    assert first_target[1].expected == 40.5
    assert list_target_weeks(reader, AS_OF, "b", "a.1") == []
