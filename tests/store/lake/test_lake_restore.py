"""A restore into a lake: every table as in the backup, a number never seen, one epoch for all, killed anywhere."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.services.backup import placing, restoring
from kpis.services.backup.errors import BackupError
from kpis.services.backup.placing import find_restored, finish_restore
from kpis.services.backup.restoring import restore_backup
from kpis.services.backup.writing import write_backup
from kpis.settings import load_settings
from kpis.store import positions
from kpis.store.lake.address import parse_address
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import follow
from kpis.store.lake.inspecting import check_lake_content
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.restored_lake import RestoredLake
from kpis.store.lake.shared_log import SharedLog
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version
from kpis.ui.frame.watcher_notice import list_watcher_notices
from tests.cli.conftest import create_project
from tests.postgres_server import PostgresServer
from tests.services.backup.conftest import LIMITS, RIGHTS, Installation
from tests.store.lake.lake_installation import MOVED, NOW, REQUESTS, LakeInstallation, follow_elsewhere, publish
from tests.store.lake.lake_world import change, find_lake_number, follow_from_nothing, read_tables
from tests.sync.conftest import World
from tests.sync.sync_process import SyncProcess


@pytest.fixture
def world(make_lake: Callable[[int], World]) -> World:
    return make_lake(2)


@pytest.fixture
def backup(installation: LakeInstallation, tmp_path: Path) -> Path:
    return installation.back_up(tmp_path / "a.zip")


def read_figures(pointer: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table but what says of the version itself."""
    return {**read_tables(pointer, with_version=False), "meta": [], "totals": []}


def change_everything(world: World, installation: LakeInstallation) -> None:
    """Publish another version, and change all that the machines share."""
    publish(world, 5)
    (installation.config / "sources.toml").write_text("# later\n", encoding="utf-8")
    (installation.config / "access.toml").write_text(RIGHTS.replace("leader@", "other@"), encoding="utf-8")
    (installation.config / "register" / "drafts" / "x" / "proposal.json").unlink()
    (installation.shared / "editions" / "2026-W48-all").mkdir()
    installation.state.store.unbind("leader@example.vn")
    with (store := LakeStore(installation.address, installation.pointer)).try_lock():
        store.write_positions({})


def require_restored(installation: LakeInstallation) -> None:
    """Compare what the machines share with what `LakeInstallation.fill` put there."""
    assert (installation.config / "sources.toml").read_text(encoding="utf-8") == "# one\n"
    assert (installation.config / "access.toml").read_text(encoding="utf-8") == RIGHTS
    assert (installation.config / "register" / "drafts" / "x" / "proposal.json").exists()
    assert not (installation.shared / "editions" / "2026-W48-all").exists()
    assert (installation.shared / "editions" / "2026-W47-all" / "r1" / "edition.json").exists()
    assert installation.state.store.is_bound("leader@example.vn")
    assert positions.read(installation.pointer) == MOVED
    assert DatabasePaths(installation.pointer).requests.read_bytes() == REQUESTS
    actions = [line.action for line in installation.state.audit.read()]
    assert (actions[0], set(actions[1:])) == ("sign_in", {"restore"})
    assert installation.state.audit.list_faults() == []
    assert not list(installation.shared.rglob("*restoring*"))
    assert list(check_lake_content(installation.address, installation.pointer)) == []


def test_everything_comes_back_for_every_machine(
    world: World, installation: LakeInstallation, backup: Path, tmp_path: Path
) -> None:
    """Under a number never seen; who followed before goes over as a whole; it is named until the sheets are read."""
    expected = read_figures(world.pointer)
    change_everything(world, installation)
    late, current = tmp_path / "late", follow_elsewhere(installation.address, tmp_path / "current")
    for cache in DatabasePaths(current).caches:
        cache.write_text("{}")
    token = installation.state.store.open_session("leader@example.vn", "oidc", LIMITS, NOW)
    invitation = installation.state.store.create_invitation("leader@example.vn", NOW)

    assert installation.restore(backup) == 4
    require_restored(installation)
    assert read_figures(installation.pointer) == expected
    assert (installation.config / "sources.toml.before-4").read_text(encoding="utf-8") == "# later\n"
    assert (installation.shared / "editions.before-4" / "2026-W48-all").is_dir()
    assert installation.state.store.find_session(token, NOW) is None
    assert installation.state.store.find_invited(invitation, NOW) is None

    assert follow(installation.address, current) == 4
    assert read_tables(current) == read_tables(installation.pointer) == follow_from_nothing(installation.address, late)
    assert not any(cache.exists() for cache in DatabasePaths(current).caches)
    for pointer in (installation.pointer, current, late / "kpis.json"):
        assert find_restored(pointer) is not None
        assert "restored at" in " ".join(list_watcher_notices(pointer, "en"))

    change(world, 6)
    world.now = NOW + timedelta(hours=2)
    assert world.sync().version == 5
    assert follow(installation.address, current) == 5
    assert find_restored(current) is None and find_restored(installation.pointer) is None
    assert read_tables(current) == read_tables(installation.pointer)


def test_who_was_away_goes_over_before_it_publishes(
    world: World, installation: LakeInstallation, backup: Path, tmp_path: Path
) -> None:
    """What it has read was compared with its copy of before: nothing of that is published."""
    publish(world, 5)
    away = LakeInstallation(installation.address, tmp_path / "away", installation.shared)
    follow_elsewhere(installation.address, away.local)
    installation.restore(backup)
    other = World(away.pointer, world.sheets, world.register, world.now, store=LakeStore(away.address, away.pointer))
    with pytest.raises(StoreError, match="was restored"):
        other.sync()
    assert find_current_version(away.pointer) == 4
    change(other, 8)
    assert other.sync().version == 5


class Interrupted:
    """A restore in a process that is killed before the step `point`."""

    STEPS = ("write_mark", "_replace_editions", "restore_version", "bring_home")

    def __init__(self, installation: LakeInstallation, file: Path, point: str) -> None:
        self.installation, self.file, self.point = installation, file, point

    def __call__(self, _world: World, _pipe: Connection) -> None:
        for place in (restoring, placing, RestoredLake):
            if hasattr(place, self.point):
                setattr(place, self.point, _kill)
        self.installation.restore(self.file)


def _kill(*_arguments: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_restore_that_is_killed_is_finished(
    world: World, installation: LakeInstallation, backup: Path, tmp_path: Path
) -> None:
    """Before the mark all is as it was. After it the figures of before or of the backup are served, as a whole."""
    expected, other = read_figures(world.pointer), tmp_path / "other"
    change_everything(world, installation)
    figures = read_figures(world.pointer)
    elsewhere = LakeInstallation(installation.address, other, installation.shared)
    pointer = follow_elsewhere(installation.address, other)
    for number, point in enumerate(Interrupted.STEPS):
        process = SyncProcess(world, Interrupted(installation, backup, point))
        with suppress(EOFError):
            process.receive()
        process.wait()
        follow(installation.address, pointer)
        assert read_figures(pointer) == (expected if point == "bring_home" else figures)
        if point == "write_mark":
            assert not finish_restore(elsewhere.settings, elsewhere.environ)
            assert (installation.config / "sources.toml").read_text(encoding="utf-8") == "# later\n"
            assert find_lake_number(LakeStore(installation.address, installation.pointer)) == 3
            continue
        if number % 2:
            assert finish_restore(elsewhere.settings, elsewhere.environ)
            follow(installation.address, installation.pointer)
        else:
            installation.restore(backup)
        require_restored(installation)
        assert read_figures(installation.pointer) == expected
        follow(installation.address, pointer)
        assert read_tables(pointer) == read_tables(installation.pointer)
        if number < len(Interrupted.STEPS) - 1:
            change_everything(world, installation)
            figures = read_figures(world.pointer)
            follow(installation.address, pointer)


def test_into_an_empty_lake(
    installation: LakeInstallation, backup: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    """The database and the shared folder were lost: machines that followed go over, under a number far above."""
    expected = read_figures(installation.pointer)
    dbname = f"{installation.address.parameters['dbname']}_new"
    postgres.create_database(dbname)
    try:
        conninfo = installation.address.conninfo.replace(installation.address.parameters["dbname"], dbname)
        address = parse_address(f"ducklake:postgres:{conninfo}")
        assert address is not None
        fresh = LakeInstallation(address, tmp_path / "fresh", tmp_path / "new-shared")
        (tmp_path / "new-lake").mkdir()
        with pytest.raises(StoreError, match="no lake"):
            fresh.restore(backup)
        create_lake(address, str(tmp_path / "new-lake"), tmp_path / "spill")
        fresh.join()
        number = fresh.restore(backup)
        assert number > 1_000_000
        require_restored(fresh)
        assert read_figures(fresh.pointer) == expected
        assert follow(address, installation.pointer) == number
        assert read_tables(installation.pointer) == read_tables(fresh.pointer)
    finally:
        postgres.drop_database(dbname)


def test_a_lake_goes_into_files_and_files_into_a_lake(
    installation: LakeInstallation, backup: Path, tmp_path: Path
) -> None:
    """One kind of file for both."""
    expected = read_figures(installation.pointer)
    files = Installation(create_project(tmp_path / "files"))
    restore_backup(files.settings, files.environ, backup, NOW)
    assert read_figures(files.project.database) == expected
    assert (files.project.folder / "var" / "kpis-requests.jsonl").read_bytes() == REQUESTS
    write_backup(files.settings, files.environ, tmp_path / "b.zip", NOW)
    assert installation.restore(tmp_path / "b.zip") > 2
    require_restored(installation)
    assert read_figures(installation.pointer) == expected


def test_what_cannot_be_restored_changes_nothing(
    world: World, installation: LakeInstallation, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(world, 5)
    expected = read_tables(world.pointer)
    (tmp_path / "b.zip").write_bytes(backup.read_bytes()[:-2000])
    with pytest.raises(BackupError, match="not a sound backup"):
        installation.restore(tmp_path / "b.zip")
    monkeypatch.setattr("kpis.store.database.Database.has_older_format", True)
    with pytest.raises(BackupError, match="kpis store move"):
        installation.restore(backup)
    with pytest.raises(BackupError, match="follows a lake"):
        files = {"KPIS_SOURCES": str(installation.config / "sources.toml"), "KPIS_DATABASE": str(installation.pointer)}
        restore_backup(load_settings(files), files, backup, NOW)
    assert not (installation.shared / "restoring").exists()
    assert follow(installation.address, world.pointer) == 3
    assert read_tables(world.pointer) == expected


def test_questions_that_were_asked_since_stay(installation: LakeInstallation, backup: Path) -> None:
    """They stand in sheets; and what was sent to agencies is not sent again."""
    paths = DatabasePaths(installation.pointer)
    SharedLog(installation.address, paths, "requests").add(lambda _: b'{"event":"extended"}\n')
    SharedLog(installation.address, paths, "reminders").add(lambda _: b'{"sent":"two"}\n')
    installation.restore(backup)
    assert paths.requests.read_bytes() == REQUESTS + b'{"event":"extended"}\n'
    assert b"two" in paths.reminders.read_bytes()
