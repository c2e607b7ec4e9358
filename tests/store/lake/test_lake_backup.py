"""A backup of a lake is written while others publish, holds everything, and no secret; a damaged lake is told."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.services.backup.errors import BackupError
from kpis.store.lake import saving
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import bring_all_tables
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.staged_version import StagedVersion
from kpis.store.versions import find_current_version
from tests.postgres_server import PostgresServer
from tests.services.backup.conftest import LIMITS
from tests.store.lake.lake_installation import NOW, REQUESTS, LakeInstallation, publish
from tests.store.lake.lake_world import read_tables
from tests.sync.conftest import World


@pytest.fixture
def world(make_lake: Callable[[int], World]) -> World:
    return make_lake(2)


def read_entries(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def extract_database(file: Path, folder: Path) -> Path:
    """Write the version of a backup into a folder and return its pointer."""
    folder.mkdir()
    for name, data in read_entries(file).items():
        if name.startswith("database/kpis"):
            (folder / name.removeprefix("database/")).write_bytes(data)
    return folder / "kpis.json"


def test_it_holds_everything_but_sessions_and_secrets(
    world: World, installation: LakeInstallation, postgres: PostgresServer, tmp_path: Path
) -> None:
    store = installation.state.store
    token = store.open_session("leader@example.vn", "oidc", LIMITS, NOW)
    invitation = store.create_invitation("leader@example.vn", NOW)
    (installation.config / "oidc-secret").write_text("very-secret", encoding="utf-8")
    file = installation.back_up(tmp_path / "a.zip")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    entries = read_entries(file)
    audit = {name for name in entries if name.startswith("audit/")}
    assert len(audit) == 1
    assert entries.keys() - audit == {
        "manifest.json", "database/kpis.json", "database/kpis-2.duckdb", "database/journal.jsonl",
        "database/positions.json", "database/requests.jsonl", "database/reminders.jsonl", "database/access-enforced",
        "sources.toml", "access.toml", "bindings.json", "register/drafts/x/proposal.json",
        "editions/2026-W47-all/r1/edition.json",
    }  # fmt: skip
    assert entries["database/requests.jsonl"] == REQUESTS
    assert read_tables(extract_database(file, tmp_path / "out"), with_version=False) == read_tables(
        world.pointer, with_version=False
    )
    for secret in (token, invitation, "very-secret", *postgres.passwords.values()):
        assert all(secret.encode() not in data for data in (*entries.values(), file.read_bytes()))
    assert not list(tmp_path.rglob("*.new")) and not list(tmp_path.rglob("*-backup.tmp"))


def test_others_publish_and_sign_in_meanwhile(
    world: World, installation: LakeInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publication is committed after the version was opened: the backup has none of it."""
    expected = read_tables(world.pointer, with_version=False)

    def publish_first(lake: LakeVersion, staging: StagedVersion) -> None:
        publish(world, 7)
        bring_all_tables(lake, staging)

    monkeypatch.setattr(saving, "bring_all_tables", publish_first)
    file = installation.back_up(tmp_path / "a.zip")
    assert find_current_version(world.pointer) == 3
    assert read_tables(extract_database(file, tmp_path / "out"), with_version=False) == expected


def test_nobody_waits_for_it(world: World, installation: LakeInstallation, tmp_path: Path) -> None:
    """Another process leads all the time."""
    assert world.store is not None
    with world.store.try_lock() as is_acquired:
        assert is_acquired
        assert installation.back_up(tmp_path / "a.zip").exists()


def find_largest_file(folder: Path) -> Path:
    return max(folder.rglob("*.parquet"), key=lambda path: path.stat().st_size)


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def change_one_letter(path: Path) -> None:
    """Change a news item where it lies: nothing in the file says so."""
    data = path.read_bytes()
    assert b"tin " in data
    path.write_bytes(data.replace(b"tin ", b"tan ", 1))


def test_a_damaged_file_of_the_lake_is_told(installation: LakeInstallation, lake_folder: Path, tmp_path: Path) -> None:
    """It is missing, cut, or holds other rows; the backup before stays."""
    file, largest = tmp_path / "a.zip", find_largest_file(lake_folder / "main" / "entries")
    file.write_bytes(b"yesterday's")
    original = largest.read_bytes()
    for damage, text in ((remove, "No such file"), (truncate, largest.name), (change_one_letter, "table entries")):
        damage(largest)
        try:
            with pytest.raises(StoreError, match=text):
                installation.back_up(file)
        finally:
            largest.write_bytes(original)
    assert file.read_bytes() == b"yesterday's"
    assert not list(tmp_path.rglob("*-backup.tmp"))
    installation.back_up(file)


def test_a_shared_folder_that_is_gone_is_told(installation: LakeInstallation, tmp_path: Path) -> None:
    installation.shared.rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="not mounted"):
        installation.back_up(tmp_path / "a.zip")
    installation.shared.mkdir()
    (installation.shared / "kpis-shared").write_text("0" * 32)
    with pytest.raises(StoreError, match="another lake"):
        installation.back_up(tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_an_empty_lake_has_nothing_to_back_up(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> None:
    create_lake(lake_address, str(lake_folder), tmp_path / "spill")
    installation = LakeInstallation(lake_address, tmp_path / "local", tmp_path / "shared")
    installation.join()
    with pytest.raises(BackupError, match="no figures"):
        installation.back_up(tmp_path / "a.zip")


def test_a_full_disk_leaves_the_backup_before(
    installation: LakeInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"yesterday's")

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr("kpis.services.backup.writing.os.fsync", refuse)
        with pytest.raises(StoreError, match="disk is full"):
            installation.back_up(file)
    assert file.read_bytes() == b"yesterday's"
    assert not list(tmp_path.rglob("*.new")) and not list(tmp_path.rglob("*-backup.tmp"))
