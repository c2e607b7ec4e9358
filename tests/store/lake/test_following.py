"""What a lake holds is what files hold, and what follows it holds the same, however it was brought over."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from kpis.errors import StoreError
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress, parse_address
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.staging import LakeStaging
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version
from kpis.sync.clock_mend import mend_clock
from tests.postgres_server import PostgresServer
from tests.store.lake.lake_world import find_lake_number, follow_from_nothing, make_lake_world, read_tables
from tests.sync.conftest import World, make_entries, make_entry, make_register, make_report, make_sheet


@pytest.fixture
def lake_world(make_lake: Callable[[int], World]) -> World:
    """An empty lake."""
    return make_lake(0)


def change(world: World, step: int) -> None:
    """Change the sheets and the register in a way of its own at each step."""
    world.now += timedelta(days=8)
    rows = [*make_entries(6 + step, start=step), make_entry("31/02/2026"), make_entry("02/06/2026", 3, "Sở Tài chính")]
    world.sheets["s"] = make_sheet(rows)
    if step >= 1:
        world.sheets["t"] = make_sheet(make_entries(2, start=30), [make_report("Hoàn thành", "02/06/2026", f"{step}")])
    if step == 3:
        world.register = make_register(register_hash="second", floor=None, without=("Công an tỉnh",))
    if step == 4:
        world.sheets.pop("t")


def test_a_lake_and_its_followers_hold_what_files_hold(
    world: World, lake_world: World, lake_address: LakeAddress, tmp_path: Path
) -> None:
    for step in range(6):
        change(world, step)
        change(lake_world, step)
        assert lake_world.sync("s", *(["t"] if "t" in world.sheets else [])).published
        assert world.sync("s", *(["t"] if "t" in world.sheets else [])).published
        followed = read_tables(lake_world.pointer)
        assert follow_from_nothing(lake_address, tmp_path / f"new-{step}") == followed
        assert read_tables(lake_world.pointer, with_version=False) == read_tables(world.pointer, with_version=False)
        if step == 2:
            late = follow_late(lake_address, tmp_path)
    assert not lake_world.sync().published
    assert follow(lake_address, late) == 6
    assert read_tables(late) == followed


def follow_late(address: LakeAddress, folder: Path) -> Path:
    """Follow once, in a place that is then left behind."""
    pointer = folder / "late" / "kpis.json"
    pointer.parent.mkdir()
    follow(address, pointer)
    return pointer


def test_moments_that_were_mended_are_brought_over(
    lake_world: World, lake_address: LakeAddress, tmp_path: Path
) -> None:
    right = lake_world.now
    change(lake_world, 0)
    lake_world.now += timedelta(days=400)
    lake_world.sync()
    assert lake_world.store is not None
    assert mend_clock(lake_world.store, right) > 0
    assert read_tables(lake_world.pointer) == follow_from_nothing(lake_address, tmp_path / "new")


def test_a_local_version_that_differs_is_built_again(
    lake_world: World, lake_address: LakeAddress, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    change(lake_world, 0)
    lake_world.sync()
    path = DatabasePaths(lake_world.pointer).get_version_path(1)
    with closing(duckdb.connect(path)) as connection:
        connection.execute("delete from entries where quantity = 3")
        connection.execute("checkpoint")
    pointer = json.loads(lake_world.pointer.read_text())
    lake_world.pointer.write_text(json.dumps({**pointer, "size": path.stat().st_size}))
    change(lake_world, 1)
    lake_world.sync()
    assert "entries" in caplog.text
    assert read_tables(lake_world.pointer) == follow_from_nothing(lake_address, tmp_path / "new")


def test_a_lost_or_damaged_local_version_is_built_again(lake_world: World, lake_address: LakeAddress) -> None:
    change(lake_world, 0)
    lake_world.sync()
    expected = read_tables(lake_world.pointer)
    path = DatabasePaths(lake_world.pointer).get_version_path(1)
    path.write_bytes(b"damaged")
    assert follow(lake_address, lake_world.pointer) == 1
    assert read_tables(lake_world.pointer) == expected


def test_a_database_of_its_own_is_not_overwritten(world: World, lake_world: World, lake_address: LakeAddress) -> None:
    change(world, 0)
    world.sync()
    change(lake_world, 0)
    lake_world.sync()
    expected = read_tables(world.pointer)
    with pytest.raises(StoreError, match="a database of its own"):
        follow(lake_address, world.pointer)
    assert read_tables(world.pointer) == expected


def test_a_lake_that_was_restored_is_not_followed_back(
    lake_world: World, lake_address: LakeAddress, postgres: PostgresServer, lake_database: str, tmp_path: Path
) -> None:
    """Neither the catalog of an earlier day, nor another lake under the same address."""
    change(lake_world, 0)
    lake_world.sync()
    early = postgres.copy_database(lake_database)
    change(lake_world, 1)
    lake_world.sync()
    expected = read_tables(lake_world.pointer)
    earlier_lake = parse_address(f"ducklake:postgres:{lake_address.conninfo.replace(lake_database, early)}")
    assert earlier_lake is not None
    try:
        with pytest.raises(StoreError, match="restored from an earlier day"):
            follow(earlier_lake, lake_world.pointer)
        with closing(postgres.connect(early)) as connection:
            connection.execute("drop schema public cascade; create schema public; grant all on schema public to public")
        other = tmp_path / "other"
        other.mkdir()
        other_world = make_lake_world(earlier_lake, other, tmp_path / "other-local")
        for step in range(3):
            change(other_world, step)
            other_world.sync()
        with pytest.raises(StoreError, match="is not the one that"):
            follow(earlier_lake, lake_world.pointer)
    finally:
        postgres.drop_database(early)
    assert read_tables(lake_world.pointer) == expected


def test_nothing_is_followed_before_the_first_publication(lake_world: World, lake_address: LakeAddress) -> None:
    assert follow(lake_address, lake_world.pointer) is None
    assert find_current_version(lake_world.pointer) is None


def test_a_follower_needs_no_right_to_write(lake_world: World, follower_address: LakeAddress, tmp_path: Path) -> None:
    change(lake_world, 0)
    lake_world.sync()
    assert follow_from_nothing(follower_address, tmp_path / "new") == read_tables(lake_world.pointer)
    store = LakeStore(follower_address, tmp_path / "new" / "kpis.json")
    current = store.open_current()
    assert current is not None
    with LakeStaging(current, lambda: True, store.open_current) as staging, pytest.raises(StoreError):
        staging.publish({**current.meta, "recorded_at": lake_world.now.isoformat()})
    assert find_lake_number(store) == 1


def test_what_is_followed_opens_as_any_version(lake_world: World) -> None:
    change(lake_world, 0)
    lake_world.sync()
    database = Database.open(lake_world.pointer)
    assert database is not None
    with closing(database):
        assert database.version == 1
        assert database.find_last_change("p") == 1
