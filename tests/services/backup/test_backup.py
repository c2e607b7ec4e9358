"""A backup holds everything that cannot be read again, no session and no secret; what is no backup is refused."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.access.own_sessions import KIND
from kpis.errors import StoreError
from kpis.services.backup import contents
from kpis.services.backup.errors import BackupError
from kpis.services.backup.restoring import restore_backup
from kpis.services.backup.writing import wait_for_lock, write_backup
from kpis.settings import load_settings
from kpis.store.lock import try_lock
from tests.services.backup.conftest import LIMITS, NOW, Installation


def write(installation: Installation, name: str = "a.kpis") -> Path:
    file = installation.project.folder.parent / name
    write_backup(installation.settings, installation.environ, file, NOW)
    return file


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file that the product shows or decides by; locks and SQLite's own files are none."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith((".lock", ".sqlite-wal", ".sqlite-shm", ".sqlite"))
    }


def test_it_holds_everything_but_sessions_and_secrets(installation: Installation) -> None:
    token = installation.state.store.open_session("leader@example.vn", KIND, LIMITS, NOW)
    (installation.project.folder / "oidc-secret").write_text("very-secret", encoding="utf-8")
    file = write(installation)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        data = b"".join(archive.read(name) for name in names)
    assert names == {
        "manifest.json", "database/kpis.json", "database/kpis-1.duckdb", "database/journal.jsonl",
        "database/positions.json", "database/access-enforced", "sources.toml", "access.toml", "bindings.json",
        "register/drafts/x/proposal.json", "editions/2026-W47-all/r1/edition.json", "audit/2026-11.jsonl",
    } - ({"database/positions.json"} - names)  # fmt: skip
    assert token.encode() not in data and b"very-secret" not in data
    assert list(file.parent.glob("*.new")) == []


def test_it_waits_for_a_sync_and_gives_up_in_the_end(installation: Installation) -> None:
    paths = contents.get_installation_paths(installation.settings, installation.environ)
    with (
        try_lock(paths.database.lock) as is_acquired,
        pytest.raises(BackupError, match="ten minutes"),
        wait_for_lock(paths, seconds=0),
    ):
        raise AssertionError(is_acquired)


def test_without_space_an_earlier_backup_stays(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(installation)
    original = file.read_bytes()
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1 << 20))
    with pytest.raises(BackupError, match="too little free space"):
        write(installation)
    assert file.read_bytes() == original


def test_without_figures_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    environ = {"KPIS_SOURCES": str(tmp_path / "sources.toml"), "KPIS_DATABASE": str(tmp_path / "kpis.json")}
    with pytest.raises(BackupError, match="no figures"):
        write_backup(load_settings(environ), environ, tmp_path / "a.kpis", NOW)
    assert not (tmp_path / "a.kpis").exists()


def rebuild(file: Path, change: Callable[[dict[str, bytes]], None], *, update: bool = True) -> None:
    """Write a backup again with other content; `update`: with a manifest that fits it."""
    import hashlib

    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    change(entries)
    if update:
        manifest["files"] = {
            name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in entries.items()
        }
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**entries, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "register/../../outside", "/etc/outside", "register//outside", "register/./outside",
        "database/kpis.json/../../outside", "register\\..\\outside", "C:/outside", "outside", "database/other.json",
        "audit/../outside.jsonl", "register/a\x00b", "register/" + "a" * 500,
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(installation: Installation, name: str) -> None:
    file = write(installation)
    rebuild(file, lambda entries: entries.update({name: b"x"}))
    refuse(installation, file)
    assert not list(installation.project.folder.parent.rglob("*outside*"))


def refuse(installation: Installation, file: Path) -> None:
    original = read_tree(installation.project.folder)
    with pytest.raises(BackupError):
        restore_backup(installation.settings, installation.environ, file, NOW)
    after = read_tree(installation.project.folder)
    assert after == original


def remove_sources(entries: dict[str, bytes]) -> None:
    del entries["sources.toml"]


@pytest.mark.parametrize("kind", ["changed", "cut", "larger", "missing", "no zip", "empty", "bindings", "database"])
def test_a_damaged_backup_changes_nothing(installation: Installation, kind: str) -> None:
    file = write(installation)
    if kind == "changed":
        rebuild(file, lambda entries: entries.update({"sources.toml": b"# other"}), update=False)
    elif kind == "larger":
        rebuild(file, lambda entries: entries.update({"sources.toml": b"#" * (1 << 20)}), update=False)
    elif kind == "missing":
        rebuild(file, remove_sources, update=False)
    elif kind == "bindings":
        rebuild(file, lambda entries: entries.update({"bindings.json": b"[[1]]"}))
    elif kind == "database":
        rebuild(file, lambda entries: entries.update({"database/kpis-1.duckdb": b"no database"}))
    elif kind == "cut":
        file.write_bytes(file.read_bytes()[:-2000])
    else:
        file.write_bytes(b"" if kind == "empty" else b"PK" + b"x" * 100)
    if kind == "database":
        with pytest.raises(StoreError, match="No version"):
            restore_backup(installation.settings, installation.environ, file, NOW)
    else:
        refuse(installation, file)
