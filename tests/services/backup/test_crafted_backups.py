"""Backups that somebody built to do harm: nothing outside is written, nothing is half restored, nobody is let in."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.errors import KpisError
from kpis.services.backup.errors import BackupError
from kpis.services.backup.placing import finish_restore
from kpis.services.backup.restoring import restore_backup
from kpis.store.database import Database
from tests.services.backup.conftest import NOW, Installation
from tests.services.backup.test_backup import read_tree, rebuild, refuse, write

DEEP = b"[" * 200_000


def change_manifest(file: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Write a backup again with another manifest."""
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    changed = change(manifest)
    body = changed if isinstance(changed, bytes) else json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**entries, "manifest.json": body}.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    "row",
    [
        ["a@x.vn", "https://i", "1", 10**30],
        ["a@x.vn", "https://i", "1", -(2**63) - 1],
        ["a\ud800@x.vn", "https://i", "1", 1],
        ["a@x.vn", "https://i", "\udfff", 1],
        ["a@x.vn", "https://i", "1", True],
        ["a@x.vn", "https://i", "1"],
        {"a": 1},
    ],
)
def test_bindings_that_the_store_cannot_hold_are_refused_before_anything_changes(
    installation: Installation, row: object
) -> None:
    """After the mark a restore must go through to its end: what fails there would fail at every start."""
    file = write(installation)
    body = json.dumps([["b@x.vn", "https://i", "2", 1], row]).encode()
    rebuild(file, lambda entries: entries.update({"bindings.json": body}))
    refuse(installation, file)
    assert not finish_restore(installation.settings, installation.environ)


@pytest.mark.parametrize("name", ["bindings.json", "database/kpis.json", "database/journal.jsonl", "manifest.json"])
def test_a_document_nested_without_end_does_no_harm(installation: Installation, name: str) -> None:
    file = write(installation)
    if name == "manifest.json":
        change_manifest(file, lambda _: DEEP)
    else:
        rebuild(file, lambda entries: entries.update({name: DEEP}))
    original = read_tree(installation.project.folder)
    try:
        restore_backup(installation.settings, installation.environ, file, NOW)
    except KpisError:
        assert read_tree(installation.project.folder) == original
    else:
        opened = Database.open(installation.settings.pointer)
        assert opened is not None, "what could be read is shown"
        opened.close()


@pytest.mark.parametrize(
    "moment", ["2026-11-29T03:00:00+07:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00", "x", 5, None]
)
def test_a_moment_that_is_none_of_ours_is_refused(installation: Installation, moment: object) -> None:
    file = write(installation)
    change_manifest(file, lambda manifest: manifest.update(at=moment))
    refuse(installation, file)


@pytest.mark.parametrize(
    "names",
    [
        ["register/a", "register/a/b"],
        ["editions/" + "ă" * 200],
        ["register/con\u202etxt.toml"],
        ["register/a\nb"],
        ["audit/2026-11.jsonl/x"],
    ],
)
def test_names_that_no_folder_can_hold_are_refused(installation: Installation, names: list[str]) -> None:
    file = write(installation)
    rebuild(file, lambda entries: entries.update(dict.fromkeys(names, b"x")))
    original = read_tree(installation.project.folder)
    with pytest.raises(KpisError):
        restore_backup(installation.settings, installation.environ, file, NOW)
    assert read_tree(installation.project.folder) == original


def test_a_link_in_the_archive_becomes_a_plain_file(installation: Installation, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s", encoding="utf-8")
    file = write(installation)
    rebuild(file, lambda entries: entries.update({"register/link.toml": str(secret).encode()}))
    with zipfile.ZipFile(file) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name.endswith("link.toml") else 0o6777 << 16
            archive.writestr(info, data)
    restore_backup(installation.settings, installation.environ, file, NOW)
    target = installation.project.folder / "register" / "link.toml"
    assert not target.is_symlink() and target.read_text(encoding="utf-8") == str(secret)
    modes = {path.stat().st_mode & 0o7000 for path in installation.project.folder.rglob("*") if path.is_file()}
    assert modes == {0}, "no file runs as another user"


def test_a_file_that_unpacks_to_far_more_than_stated_is_refused_early(installation: Installation) -> None:
    file = write(installation)
    rebuild(file, lambda entries: entries.update({"register/big.toml": b"#"}))
    with zipfile.ZipFile(file) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, b"\0" * (64 << 20) if name == "register/big.toml" else data)
    refuse(installation, file)


def test_a_size_beyond_the_disk_is_refused_before_a_byte_is_written(installation: Installation) -> None:
    file = write(installation)

    def claim(manifest: dict[str, object]) -> None:
        manifest["files"]["sources.toml"]["size"] = 1 << 60  # type: ignore[index]

    change_manifest(file, claim)
    with pytest.raises(BackupError):
        restore_backup(installation.settings, installation.environ, file, NOW)


def test_a_name_that_stands_twice_is_refused(installation: Installation) -> None:
    file = write(installation)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("access.toml", b"address = 'https://evil.example'")
    refuse(installation, file)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_backup_that_was_cut_anywhere_is_refused(installation: Installation, share: float) -> None:
    file = write(installation)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    refuse(installation, file)


@pytest.mark.skipif(os.name == "nt", reason="names of Windows have no colon")
@pytest.mark.parametrize("name", ["Kế hoạch 10:30.json", "a\\b.json", "tab\there.json", "\u202ea.json", "dòng\nhai"])
def test_what_can_be_backed_up_can_be_restored(installation: Installation, name: str) -> None:
    """A file whose name an archive does not take is named at once, not on the day when it is needed."""
    path = installation.project.folder / "register" / "drafts" / "x" / name
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(BackupError, match="Rename it"):
        write(installation)
    path.rename(path.with_name("renamed.json"))
    restore_backup(installation.settings, installation.environ, write(installation), NOW)
