"""A database that is moved holds the same; killed anywhere, the old place serves and the same command finishes."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kpis.access.enforcement import AccessPaths, open_access_store
from kpis.access.rights import SessionLimits
from kpis.errors import StoreError
from kpis.requests.ledger import append_events
from kpis.services.moving.move import move_database
from kpis.store import positions
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.follower import follow
from kpis.store.lake.inspecting import check_lake_content
from kpis.store.lake.lake_place import LakePlace
from kpis.store.lake.lake_store import LakeStore
from kpis.store.moving import FilePlace, Place
from kpis.store.positions import Position
from kpis.store.versions import find_current_version
from tests.store.lake.lake_world import follow_from_nothing, read_tables
from tests.sync.conftest import World, make_entries, make_entry, make_report, make_sheet
from tests.sync.sync_process import SyncProcess


@pytest.fixture
def filled(world: World) -> World:
    """A world of files with a history of two versions."""
    for step in range(2):
        change(world, step)
        world.sync()
    (world.pointer.parent / "audit").mkdir()
    (world.pointer.parent / "audit" / "2026-06.jsonl").write_text("{}\n")
    return world


@pytest.fixture
def lake(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> LakePlace:
    return LakePlace(lake_address, tmp_path / "local" / "kpis.json", str(lake_folder))


def change(world: World, step: int) -> None:
    world.now += timedelta(days=8)
    rows = [*make_entries(6 + step, start=step), make_entry("31/02/2026")]
    world.sheets["s"] = make_sheet(rows, [make_report("Hoàn thành", "02/06/2026", f"{step}")])


def read_figures(pointer: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table but the totals, which say of the version itself."""
    return {**read_tables(pointer, with_version=False), "totals": []}


def publish_at(world: World, place: Place, store: LakeStore | None = None) -> World:
    """Return the same sheets at another place, with a change that is published there."""
    moved = World(place.paths.pointer, world.sheets, world.register, world.now, store=store)
    change(moved, 9)
    assert moved.sync().published
    return moved


def test_a_database_goes_to_a_lake_and_back(
    filled: World, lake: LakePlace, lake_address: LakeAddress, tmp_path: Path
) -> None:
    files = FilePlace(filled.pointer)
    expected = read_figures(filled.pointer)
    moved = move_database(files, lake, filled.now)
    assert moved.number == 3
    assert moved.figures is not None
    assert moved.figures["entries"][0] == len(expected["entries"])
    assert read_figures(lake.paths.pointer) == expected
    assert (lake.paths.folder / "audit" / "2026-06.jsonl").read_text() == "{}\n"
    assert lake.paths.journal.read_bytes() == files.paths.journal.read_bytes()

    with pytest.raises(StoreError, match="still serves, but nothing is published"):
        filled.sync()
    with pytest.raises(StoreError, match="still serves"):
        append_events(filled.pointer, filled.now, lambda _content, _at: [])
    assert read_figures(filled.pointer) == expected
    in_lake = publish_at(filled, lake, LakeStore(lake_address, lake.paths.pointer))
    changed = read_figures(in_lake.pointer)
    assert changed != expected

    back = move_database(lake, files, in_lake.now)
    assert back.number == 5
    assert read_figures(filled.pointer) == changed
    with pytest.raises(StoreError, match="still serves, but nothing is published"):
        in_lake.sync()
    (mark,) = check_lake_content(lake_address, lake.paths.pointer)
    assert "still serves" in str(mark)
    at_home = publish_at(in_lake, files)
    third = move_database(files, lake, at_home.now)
    assert third.number == 7
    assert read_figures(lake.paths.pointer) == read_figures(filled.pointer)
    assert follow_from_nothing(lake_address, tmp_path / "new") == read_tables(lake.paths.pointer)


def test_known_at_an_earlier_moment_stays(filled: World, lake: LakePlace, lake_address: LakeAddress) -> None:
    earlier = filled.now - timedelta(days=1)
    expected = filled.read_content(earlier)
    assert expected["entries"]
    move_database(FilePlace(filled.pointer), lake, filled.now)
    moved = publish_at(filled, lake, LakeStore(lake_address, lake.paths.pointer))
    assert moved.read_content(earlier) == expected


def test_a_late_follower_of_the_lake_has_what_came_back(
    filled: World, lake: LakePlace, lake_address: LakeAddress, tmp_path: Path
) -> None:
    files = FilePlace(filled.pointer)
    move_database(files, lake, filled.now)
    late = tmp_path / "late" / "kpis.json"
    late.parent.mkdir()
    assert follow(lake_address, late) == 3
    move_database(lake, files, filled.now)
    move_database(files, lake, publish_at(filled, files).now)
    follow(lake_address, late)
    assert read_tables(late) == read_tables(lake.paths.pointer)


def test_sessions_and_what_machines_share_go_along(
    filled: World, lake: LakePlace, lake_address: LakeAddress, tmp_path: Path
) -> None:
    """Rows of tables in the lake, files again when it comes back, under another name."""
    rights_file = tmp_path / "access.toml"
    paths = AccessPaths(rights_file, filled.pointer)
    paths.record.touch()
    store, now = open_access_store(paths), filled.now
    token = store.open_session("a@example.vn", "oidc", SessionLimits(timedelta(hours=1), timedelta(hours=2)), now)
    store.bind("a@example.vn", "issuer", "subject", now)
    invitation = store.create_invitation("b@example.vn", now)
    positions.write(filled.pointer, {"s": {(5, "date_unreadable"): Position("Tiến độ", 9, None, None, None)}})
    expected = positions.read(filled.pointer), FilePlace(filled.pointer).paths.journal.read_bytes()
    move_database(FilePlace(filled.pointer), lake, now)
    home = FilePlace(tmp_path / "home" / "other.json")
    in_lake = AccessPaths(rights_file, lake.paths.pointer, lake_address)
    for place, access in ((lake, in_lake), (home, AccessPaths(rights_file, home.pointer))):
        if place is home:
            move_database(lake, home, now)
        moved = open_access_store(access)
        session = moved.find_session(token, now)
        assert session is not None
        assert session.email == "a@example.vn"
        assert moved.list_bindings() == store.list_bindings() != []
        assert moved.find_invited(invitation, now) == "b@example.vn"
        assert access.record.exists()
        assert (positions.read(place.paths.pointer), place.paths.journal.read_bytes()) == expected


def test_a_place_with_other_figures_is_refused(filled: World, lake: LakePlace, tmp_path: Path) -> None:
    other = World(tmp_path / "other" / "kpis.json")
    change(other, 5)
    other.sync()
    move_database(FilePlace(filled.pointer), lake, filled.now)
    expected = read_tables(lake.paths.pointer)
    for source, target in ((other.pointer, lake), (filled.pointer, FilePlace(other.pointer))):
        with pytest.raises(StoreError):
            move_database(FilePlace(source), target, filled.now)
    with pytest.raises(StoreError, match="did not come from"):
        move_database(lake, FilePlace(other.pointer), filled.now)
    assert read_tables(lake.paths.pointer) == expected
    change(other, 6)
    assert other.sync().published


def test_an_empty_place_has_nothing_to_move(lake: LakePlace, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no figures"):
        move_database(FilePlace(tmp_path / "none" / "kpis.json"), lake, World(tmp_path / "x.json").now)


def test_a_sync_under_way_is_waited_for_by_a_person(filled: World, lake: LakePlace) -> None:
    files = FilePlace(filled.pointer)
    with files.hold(), pytest.raises(StoreError, match="under way"):
        move_database(files, lake, filled.now)
    with lake.hold(), pytest.raises(StoreError, match="under way"):
        move_database(files, lake, filled.now)


_LASTING = {"fsync", "rename", "replace", "unlink", "write", "connect", "execute", "copy_file_range", "mkdir"}


class Interrupted:
    """A move in a process that is killed at its `point`th lasting call; without a point it sends their number."""

    def __init__(self, source: Place, target: Place, point: int | None) -> None:
        self.source, self.target, self.point = source, target, point
        self.count = 0

    def __call__(self, world: World, pipe: Connection) -> None:
        sys.setprofile(self._look)
        move_database(self.source, self.target, world.now)
        sys.setprofile(None)
        pipe.send(self.count)

    def _look(self, _frame: object, event: str, argument: object) -> None:
        if event != "c_call" or getattr(argument, "__name__", "") not in _LASTING:
            return
        if self.count == self.point:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1


class Limited:
    """A move in a process that may write files of so many bytes alone, like a full disk; sends the sentence."""

    def __init__(self, source: Place, target: Place, max_bytes: int) -> None:
        self.source, self.target, self.max_bytes = source, target, max_bytes

    def __call__(self, world: World, pipe: Connection) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.max_bytes, resource.RLIM_INFINITY))
        try:
            move_database(self.source, self.target, world.now)
        except StoreError as error:
            pipe.send(str(error))
        else:
            pipe.send(None)


def run(world: World, job: Callable[[World, Connection], None]) -> object:
    """Run a job in a process of its own; return what it sends, or None if it is killed."""
    process = SyncProcess(world, job)
    sent = None
    with suppress(EOFError):
        sent = process.receive()
    process.wait()
    return sent


@pytest.fixture(params=["into a lake", "out of a lake"])
def places(request: pytest.FixtureRequest, filled: World, lake: LakePlace, tmp_path: Path) -> tuple[Place, Place]:
    """Where the figures are, and an empty place for them."""
    files = FilePlace(filled.pointer)
    if request.param == "into a lake":
        return files, lake
    move_database(files, lake, filled.now)
    return lake, FilePlace(tmp_path / "new" / "kpis.json")


def test_a_move_that_is_killed_is_finished_by_the_next(filled: World, places: tuple[Place, Place]) -> None:
    """Each killed one is followed by another that gets further, until one arrives."""
    source, target = places
    expected = read_figures(source.paths.pointer)
    point, killed = 3, 0
    while run(filled, Interrupted(source, target, point)) is None:
        killed += 1
        point = int(point * 2) + 20
        assert read_figures(source.paths.pointer) == expected
    assert killed >= 5
    assert read_figures(target.paths.pointer) == expected
    store = LakeStore(target.lake, target.paths.pointer) if isinstance(target, LakePlace) else None
    publish_at(filled, target, store)


def test_a_full_disk_leaves_the_old_place_in_use(filled: World, places: tuple[Place, Place]) -> None:
    source, target = places
    expected = read_figures(source.paths.pointer)
    for size in (3_000, 300_000):
        assert run(filled, Limited(source, target, size))
        assert read_figures(source.paths.pointer) == expected
        assert find_current_version(target.paths.pointer) is None
    change(filled, 3)
    if isinstance(target, LakePlace):
        assert filled.sync().published
        expected = read_figures(source.paths.pointer)
    move_database(source, target, filled.now)
    assert read_figures(target.paths.pointer) == expected
