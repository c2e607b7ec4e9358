"""Versions: published completely or not at all, never numbered twice, the last few kept (design.md §7)."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest

from kpis.errors import StoreError
from kpis.store import files, versions
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.store.staging import Staging
from kpis.store.versions import MAX_VERSIONS, find_current_version, find_next_number, has_fallen_back
from tests.store.conftest import make_entries, publish


def list_names(paths: DatabasePaths) -> set[str]:
    return {path.name for path in paths.folder.iterdir()}


def test_the_last_few_versions_are_kept(paths: DatabasePaths) -> None:
    for number in range(1, 7):
        assert publish(paths) == number
    assert MAX_VERSIONS == 3
    assert list_names(paths) == {"kpis.json", "kpis-4.duckdb", "kpis-5.duckdb", "kpis-6.duckdb"}


def test_a_version_contains_new_rows_and_those_of_the_previous_version(paths: DatabasePaths) -> None:
    paths.folder.mkdir()
    state = {
        "source": "s", "plan": "p", "kind": "workbook", "location": "a.xlsx", "content_hash": "x",
        "read": 2, "accepted": 2, "warned": 0, "rejected": 0, "position": 0,
        "last_good_at": datetime(2026, 2, 1), "changed_at": datetime(2026, 2, 1),
        "tasks_seen": False, "judged_by": "r", "layout": "[]",
    }  # fmt: skip
    with Staging(paths, None) as staging:
        staging.insert("entries", make_entries(2))
        staging.replace_rows("source_states", pyarrow.Table.from_pylist([state]))
        staging.publish({})
    publish(paths)
    database = Database.open(paths.pointer)
    assert database is not None
    assert database.fetch_rows("select count(*) as n, max(quantity) as most from entries") == [{"n": 2, "most": 1}]


def test_a_version_that_does_not_add_up_is_not_published(paths: DatabasePaths) -> None:
    publish(paths)
    with pytest.raises(StoreError, match="does not add up"), Staging(paths, 1) as staging:
        staging.insert("entries", make_entries(2))
        staging.publish({})
    assert find_current_version(paths.pointer) == 1
    assert list_names(paths) == {"kpis.json", "kpis-1.duckdb"}


def test_leaving_without_publishing_discards_the_copy(paths: DatabasePaths) -> None:
    publish(paths)
    with Staging(paths, 1) as staging:
        staging.insert("entries", make_entries(2))
    assert list_names(paths) == {"kpis.json", "kpis-1.duckdb"}


def test_a_number_is_not_used_twice_after_a_version_was_quarantined_or_lost(paths: DatabasePaths) -> None:
    publish(paths)
    publish(paths)
    paths.get_version_path(2).write_bytes(b"nothing")
    assert Database.open(paths.pointer) is not None
    assert find_next_number(paths) == 3
    paths.get_version_path(2).with_name("kpis-2.duckdb.damaged").unlink()
    assert find_next_number(paths) == 3


def test_the_loss_of_the_newest_version_is_reported_until_the_next_one(paths: DatabasePaths) -> None:
    assert not has_fallen_back(paths.pointer)
    publish(paths)
    publish(paths)
    assert not has_fallen_back(paths.pointer)
    paths.get_version_path(2).write_bytes(b"nothing")
    assert Database.open(paths.pointer) is not None
    assert has_fallen_back(paths.pointer)
    publish(paths)
    assert not has_fallen_back(paths.pointer)


def test_a_version_that_the_pointer_never_named_is_not_used(paths: DatabasePaths) -> None:
    publish(paths)
    paths.get_version_path(2).write_bytes(paths.get_version_path(1).read_bytes())
    assert find_current_version(paths.pointer) == 1
    assert publish(paths) == 3


def test_the_current_version_is_the_first_candidate_whatever_the_pointer_names(paths: DatabasePaths) -> None:
    for _ in range(3):
        publish(paths)
    size = paths.get_version_path(2).stat().st_size
    for content in (
        {"version": 2, "size": size},
        {"version": 2, "size": size + 1},
        {"version": 9, "size": size},
        {"version": 3, "size": 0},
    ):
        paths.pointer.write_text(json.dumps(content), encoding="utf-8")
        assert find_current_version(paths.pointer) == versions.list_candidates(paths)[0], content
        assert has_fallen_back(paths.pointer) == (versions.list_candidates(paths)[0] < int(content["version"])), content
    paths.pointer.write_text(json.dumps({"version": 2, "size": size}), encoding="utf-8")
    paths.get_version_path(2).unlink()
    assert (find_current_version(paths.pointer), has_fallen_back(paths.pointer)) == (1, True)


DAMAGED_POINTERS = [
    None,
    b"",
    b'{"version": 3',
    b"\xff\xfe",
    b"[" * 200_000,
    b'{"version": ' + b"9" * 3_000 + b', "size": 1}',
    b'{"version": ' + b"9" * 5_000 + b', "size": 1}',
    b'{"version": 1e999, "size": 1}',
    b'{"version": -1, "size": 1}',
    b'{"version": true, "size": 1}',
    b'{"version": "1", "size": 1}',
    b'{"version": 1, "size": [[1]]}',
    b'{"version": 1, "size": 7}',
    b'{"version": 2, "size": 7}',
    b"[2, 3]",
    b" " * 5_000_000,
]


@pytest.mark.parametrize("content", DAMAGED_POINTERS)
def test_with_a_lost_or_damaged_pointer_the_newest_version_is_used(paths: DatabasePaths, content: bytes | None) -> None:
    publish(paths)
    publish(paths)
    if content is None:
        paths.pointer.unlink()
    else:
        paths.pointer.write_bytes(content)
    assert find_current_version(paths.pointer) == 2
    database = Database.open(paths.pointer)
    assert database is not None
    assert database.version == 2
    assert paths.list_quarantined() == []
    assert publish(paths) == 3
    assert json.loads(paths.pointer.read_bytes())["version"] == 3


@pytest.mark.parametrize("content", [b"[" * 200_000, b"9" * 5_000, b'{"version": 1e999, "size": 1}'])
def test_a_damaged_pointer_without_versions_is_a_named_error(paths: DatabasePaths, content: bytes) -> None:
    paths.folder.mkdir()
    paths.pointer.write_bytes(content)
    with pytest.raises(StoreError, match="not a pointer"):
        Database.open(paths.pointer)


def test_files_with_numbers_that_are_not_ours_are_no_versions(paths: DatabasePaths) -> None:
    publish(paths)
    for number in ("9" * 200, "٣", "007", "0"):
        (paths.folder / f"kpis-{number}.duckdb").write_bytes(b"")
    assert paths.list_versions() == [1]
    assert publish(paths) == 2


def test_a_file_that_is_not_a_pointer_is_not_overwritten(paths: DatabasePaths) -> None:
    paths.folder.mkdir()
    paths.pointer.write_text("my notes")
    with pytest.raises(StoreError, match="not a pointer"):
        publish(paths)
    assert paths.pointer.read_text() == "my notes"


def test_databases_in_one_folder_are_independent(tmp_path: Path) -> None:
    first, second = DatabasePaths(tmp_path / "kpis.json"), DatabasePaths(tmp_path / "kpis-9.json")
    assert publish(first) == 1
    assert publish(second) == 1
    assert publish(first) == 2
    assert find_current_version(second.pointer) == 1


Refusal = Callable[[pytest.MonkeyPatch, int], None]


def refuse_fsync(patch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    patch.setattr(os, "fsync", refuse)


def refuse_rename(patch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    patch.setattr(Path, "replace", refuse)


def refuse_copy(patch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    patch.setattr(files, "_try_clone", lambda *_: False)
    patch.setattr(os, "copy_file_range", refuse)


def refuse_checkpoint(patch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(_: Staging) -> None:
        raise duckdb.IOException(f"IO Error: Could not write file: {os.strerror(code)}")

    patch.setattr(Staging, "check", refuse)


@pytest.mark.parametrize("refuse", [refuse_fsync, refuse_rename, refuse_copy, refuse_checkpoint])
def test_a_full_disk_at_any_step_is_reported_and_loses_nothing(
    paths: DatabasePaths, refuse: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(paths, word="old")
    old_names = list_names(paths)
    with monkeypatch.context() as patch:
        refuse(patch, errno.ENOSPC)
        with pytest.raises(StoreError, match="disk is full"):
            publish(paths, word="lost")
    database = Database.open(paths.pointer)
    assert database is not None
    assert database.meta["word"] == "old"
    # It may have been renamed before the failure, but the pointer does not name it.
    assert list_names(paths) - old_names <= {"kpis-2.duckdb"}
    assert publish(paths, word="new") > 1
    assert (Database.open(paths.pointer) or database).meta["word"] == "new"


def test_a_folder_without_write_permission_is_reported(paths: DatabasePaths, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(paths)
    refuse_copy(monkeypatch, errno.EROFS)
    monkeypatch.setattr("shutil.copyfileobj", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
    with pytest.raises(StoreError, match="permission for its folder"):
        publish(paths)


@pytest.mark.parametrize("method", ["clone", "kernel", "python"])
def test_every_way_of_copying_gives_the_same_bytes(
    tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(os.urandom(3_000_001))
    if method != "clone":
        monkeypatch.setattr(files, "_try_clone", lambda *_: False)
    if method == "python":
        monkeypatch.setattr(files, "_try_kernel_copy", lambda *_: False)
    files.copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no FICLONE")
@pytest.mark.parametrize("code", [0, errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY])
def test_blocks_are_shared_where_the_file_system_can_and_copied_elsewhere(
    paths: DatabasePaths, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    publish(paths, word="first")
    steps: list[str] = []

    def share(target: int, request: int, source: int) -> int:
        assert (request, source != target) == (0x40049409, True)  # FICLONE of linux/fs.h
        steps.append("share")
        if code:
            raise OSError(code, os.strerror(code))
        os.pwrite(target, os.pread(source, os.fstat(source).st_size, 0), 0)
        return 0

    def note(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **options: Any) -> Any:
            steps.append(name)
            return call(*args, **options)

        return noted

    monkeypatch.setattr("fcntl.ioctl", share)
    monkeypatch.setattr(os, "copy_file_range", note("copy", os.copy_file_range))
    monkeypatch.setattr(versions, "fsync_file", note("fsync", files.fsync_file))
    monkeypatch.setattr(versions, "replace_file", note("rename", files.replace_file))
    number = publish(paths, word="second")
    way = ["share", "copy"] if code else ["share"]
    assert list(dict.fromkeys(steps)) == [*way, "fsync", "rename"]
    databases = [Database(paths, number - 1), Database(paths, number)]
    assert [database.meta["word"] for database in databases] == ["first", "second"]
