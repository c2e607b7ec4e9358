"""What the register said at a moment stays known at it, also where a file of it was changed by hand (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.changes import compare_with_last_week
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.register.model import Register
from kpis.register.tables import REGISTER_TABLES
from kpis.store.version_store import FileStore
from kpis.sync.clock_mend import mend_clock
from tests.store.formats import write_database
from tests.sync.conftest import NOON, World, make_entries, make_register, make_sheet, make_target
from tests.sync.test_older_formats import make_last_sheets

WEEK = timedelta(days=7)
DAY = date(2026, 5, 31)


def amend(world: World, edition: str, **changes: Any) -> None:
    """Let a file of the register be changed by hand: `changes` are those of the target p.01."""
    target = replace(world.register.targets["p.01"], **changes)
    world.register = replace(world.register, hash=edition, targets={**world.register.targets, "p.01": target})


@pytest.fixture
def amended(world: World) -> World:
    """Five news items; from a week later on the floor is 4 instead of 50."""
    world.sheets["s"] = make_sheet(make_entries(5))
    world.sync()
    world.now += WEEK
    amend(world, "second", floor=Decimal(4))
    world.sync()
    return world


def read_target(world: World, known_at: datetime | None = None, target: str = "p.01") -> tuple[object, object]:
    """Return floor and status of a target on DAY."""
    database = world.open_database()
    rows = compute_attainment(database, Question(DAY, known_at=known_at))
    database.close()
    return next(((row["floor"], row["status"]) for row in rows if row["target"] == target), (None, None))


def count_rows(world: World) -> dict[str, tuple[int, int]]:
    """Return how many rows of each table of the register are current, and how many are retired."""
    database = world.open_database()
    counts = {}
    for table in REGISTER_TABLES:
        sql = f"select count(*) filter (where retired_at is null) as n, count(retired_at) as r from {table}"  # noqa: S608
        (row,) = database.fetch_rows(sql)
        counts[table] = (int(str(row["n"])), int(str(row["r"])))
    database.close()
    return counts


def test_an_earlier_moment_has_the_floor_known_then(amended: World) -> None:
    assert read_target(amended) == (4, "attained")
    assert read_target(amended, NOON) == (50, "behind")
    assert read_target(amended, amended.now - timedelta(seconds=1)) == (50, "behind")
    assert read_target(amended, amended.now) == (4, "attained")


def test_the_same_question_answers_the_same_after_every_later_change(amended: World) -> None:
    for number in range(3):
        amended.now += WEEK
        amend(amended, f"later {number}", floor=Decimal(100 + number), lead="Sở Tài chính")
        amended.sync()
    assert read_target(amended, NOON) == (50, "behind")
    assert read_target(amended, NOON + WEEK) == (4, "attained")
    assert read_target(amended) == (102, "behind")


def test_only_what_changed_is_recorded_and_retired(amended: World) -> None:
    retired = {table: counts[1] for table, counts in count_rows(amended).items() if counts[1]}
    assert retired == {"targets": 1, "periods": 3}
    earlier_counts = count_rows(amended)
    amended.now += WEEK
    amended.register = replace(amended.register, hash="a comment was changed")
    amended.sync()
    assert count_rows(amended) == earlier_counts
    assert not amended.sync().published


def test_another_plan_changes_no_row_of_this_one(amended: World) -> None:
    earlier_counts, register = count_rows(amended), amended.register
    amended.now += WEEK
    first = replace(register.plans["p"], id="a", place="Khác", province="Khác")
    targets = {"a.01": make_target(1, "news_items", id="a.01", plan="a")}
    amended.register = replace(
        register,
        plans={"a": first, **register.plans},
        targets={**targets, **register.targets},
        agencies=(*(replace(agency, plan="a") for agency in register.agencies), *register.agencies),
        hash="third",
    )
    amended.sync()
    assert count_rows(amended) == earlier_counts  # it is not tracked, and is no part of the version


def test_a_target_dropped_or_added_is_known_only_at_its_time(amended: World) -> None:
    amended.now += WEEK
    targets = {name: target for name, target in amended.register.targets.items() if name != "p.03"}
    targets["p.04"] = make_target(4, "news_items", title_vi="Khác")
    amended.register = replace(amended.register, targets=targets, hash="third")
    amended.sync()
    assert read_target(amended, target="p.03") == (None, None)
    assert read_target(amended, NOON, target="p.03")[0] == 1
    assert read_target(amended, target="p.04")[0] == 50
    assert read_target(amended, NOON, target="p.04") == (None, None)


def test_last_week_is_judged_by_the_register_of_last_week(amended: World) -> None:
    database = amended.open_database()
    changes = compare_with_last_week(database, Question(amended.now.date()))
    database.close()
    assert [row["target"] for row in changes.newly_met] == ["p.01"]
    assert changes.lowered_figures == []


def test_shares_and_rosters_are_those_known_then(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(5))
    amend(world, "first", shares={"Sở Công Thương": Decimal(40)})
    world.sync()
    world.now += WEEK
    amend(world, "second", shares={"Sở Tài chính": Decimal(4)})
    ratio = replace(world.register.targets["p.02"], roster=("Sở Công Thương",))
    world.register = replace(world.register, targets={**world.register.targets, "p.02": ratio})
    world.sync()

    def read_shares(known_at: datetime | None) -> dict[object, object]:
        database = world.open_database()
        rows = compute_by_agency(database, Question(DAY, known_at=known_at))
        database.close()
        return {row["agency"]: row["share"] for row in rows if row["target"] == "p.01"}

    def read_roster_size(known_at: datetime | None) -> object:
        database = world.open_database()
        rows = compute_attainment(database, Question(DAY, known_at=known_at))
        database.close()
        return next(row["roster_size"] for row in rows if row["target"] == "p.02")

    assert read_shares(NOON) == {"Sở Công Thương": 40}
    assert read_shares(None) == {"Sở Công Thương": None, "Sở Tài chính": 4}
    assert (read_roster_size(NOON), read_roster_size(None)) == (0, 1)


def test_leads_and_days_of_tasks_are_those_known_then(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(1))
    world.sync()
    world.now += WEEK
    task = replace(world.register.tasks["p.I.1"], leads=("Công an tỉnh", "Sở Công Thương"), last_year=2027)
    world.register = replace(world.register, tasks={"p.I.1": task}, hash="second")
    world.sync()

    def read_task(known_at: datetime | None) -> tuple[object, object]:
        database = world.open_database()
        (row,) = compute_task_status(database, Question(DAY, known_at=known_at))
        database.close()
        return row["leads"], row["due_on"]

    assert read_task(NOON) == (["Sở Công Thương"], date(2026, 12, 31))
    assert read_task(None) == (["Công an tỉnh", "Sở Công Thương"], date(2027, 12, 31))


def test_a_clock_that_was_ahead_is_mended_in_the_register_too(amended: World) -> None:
    now = NOON + timedelta(days=1)
    assert mend_clock(FileStore(amended.pointer), now) > 0
    assert read_target(amended, NOON) == (50, "behind")
    assert read_target(amended, now) == (4, "attained")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_register_of_an_earlier_format_was_always_known(world: World, number: int) -> None:
    world.sheets, world.now = dict(make_last_sheets()), NOON + timedelta(days=4)
    write_database(world.pointer, number)
    amend(world, "changed together with the upgrade", floor=Decimal(4))
    world.sync()
    assert read_target(world, NOON)[0] == 50
    assert read_target(world)[0] == 4
    assert count_rows(world)["targets"] == (3, 1 if number == 3 else 3)


def test_what_a_release_reads_differently_in_the_same_register_has_always_held(world: World) -> None:
    world.sheets, world.now = dict(make_last_sheets()), NOON + timedelta(days=4)
    write_database(world.pointer, 3)
    world.sync()
    assert {retired for _, retired in count_rows(world).values()} == {0}
    assert read_target(world, NOON)[0] == 50


def _drop_plan(register: Register) -> Register:
    return replace(register, plans={}, targets={}, sections=(), tasks={}, agencies=(), hash="none")


def _restore(register: Register) -> Register:
    return make_register(register_hash="again")


@pytest.mark.parametrize("changes", [(_drop_plan,), (_drop_plan, _restore)])
def test_a_plan_that_the_register_no_longer_has_stays_in_its_past(
    world: World, changes: tuple[Callable[[Register], Register], ...]
) -> None:
    world.sheets["s"] = make_sheet(make_entries(5))
    world.sync()
    for change in changes:
        world.now += WEEK
        world.register = change(world.register)
        world.sync()
    assert read_target(world, NOON) == (50, "behind")
    assert read_target(world)[0] == (None if len(changes) == 1 else 50)
