"""A merger that is entered in the register re-reads the stored rows and keeps what was known (design.md §4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.sync.conftest import NOON, World, make_entry, make_register, make_sheet

OLD, NEW = "Sở Tài chính", "Công an tỉnh"
MAY = date(2026, 5, 1)


def merge(world: World, from_day: date) -> None:
    """Enter in the register that an agency ended on a day."""
    register = make_register(register_hash=f"merged {from_day}")
    agencies = tuple(
        replace(agency, successor=NEW, successor_from=from_day) if agency.name == OLD else agency
        for agency in register.agencies
    )
    world.register = replace(register, agencies=agencies)


def read_entries(world: World) -> list[tuple[object, ...]]:
    """Return agency, quantity, when it was first recorded, and whether it is current, of every entry."""
    database = world.open_database()
    rows = database.fetch_rows(
        "select agency, quantity, coalesce(first_recorded_at, recorded_at) as first, retired_at is null as current "
        "from entries order by occurred_on, quantity, recorded_at"
    )
    database.close()
    return [tuple(row.values()) for row in rows]


def list_current(world: World) -> list[tuple[object, ...]]:
    return [row[:3] for row in read_entries(world) if row[3]]


@pytest.fixture
def read_world(world: World) -> World:
    """Two rows of one day under an old name, read an hour apart, and one of before."""
    rows = [make_entry(date(2026, 4, 30), 1, OLD), make_entry(MAY, 5, OLD)]
    world.sheets["s"] = make_sheet(rows)
    world.sync()
    world.now = NOON + timedelta(hours=1)
    world.sheets["s"] = make_sheet([*rows, make_entry(MAY, 8, OLD)])
    world.sync()
    world.now = NOON + timedelta(hours=2)
    return world


def test_rows_of_the_days_since_become_the_successors_and_keep_when_they_were_first_recorded(read_world: World) -> None:
    past = read_world.read_content(NOON + timedelta(hours=1))
    merge(read_world, MAY)
    read_world.sheets = {"s": None}  # unchanged: its stored rows are judged again
    read_world.sync()
    later = NOON + timedelta(hours=1)
    assert list_current(read_world) == [(OLD, 1, NOON), (NEW, 5, NOON), (NEW, 8, later)]
    assert read_world.read_content(later) == past


def test_a_merger_that_is_put_off_gives_the_rows_back(read_world: World) -> None:
    merge(read_world, MAY)
    read_world.sync()
    read_world.now += timedelta(hours=1)
    merge(read_world, date(2026, 5, 2))
    read_world.sync()
    assert list_current(read_world) == [(OLD, 1, NOON), (OLD, 5, NOON), (OLD, 8, NOON + timedelta(hours=1))]
    assert len(read_entries(read_world)) == 1 + 2 * 3


def test_the_register_of_a_merger_is_recorded_and_retired(read_world: World) -> None:
    merge(read_world, MAY)
    read_world.sync()
    entered = read_world.now
    read_world.now += timedelta(hours=1)
    merge(read_world, date(2026, 5, 2))
    read_world.sync()
    database = read_world.open_database()
    rows = database.fetch_rows("select agency, successor, from_day, recorded_at, retired_at from agency_successors")
    targets = database.fetch_rows("select distinct target, retired_at from targets where version_of = 'p.01'")
    database.close()
    assert sorted((tuple(row.values()) for row in rows), key=repr) == [
        (OLD, NEW, MAY, entered, read_world.now),
        (OLD, NEW, date(2026, 5, 2), read_world.now, None),
    ]
    assert {row["target"]: row["retired_at"] for row in targets} == {
        "p.01@2026-05-01": read_world.now, "p.01@2026-05-02": None,
    }  # fmt: skip


def test_a_sync_without_changes_publishes_nothing(read_world: World) -> None:
    merge(read_world, MAY)
    assert read_world.sync().published
    read_world.now += timedelta(hours=1)
    assert not read_world.sync().published
