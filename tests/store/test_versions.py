"""Versions: published whole or not at all, never numbered twice, the last few kept (design.md §7)."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow
import pytest

from kpis.errors import StoreError
from kpis.store import files
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.store.staging import Staging
from kpis.store.versions import MAX_VERSIONS, find_current_version, find_next_number, has_fallen_back
from tests.store.conftest import make_entries, publish


def list_names(paths: DatabasePaths) -> set[str]:
    return {path.name for path in paths.folder.iterdir()}


def test_the_last_few_versions_are_kept(place: DatabasePaths) -> None:
    for number in range(1, 7):
        assert publish(place) == number
    assert MAX_VERSIONS == 3
    assert list_names(place) == {"kpis.json", "kpis-4.duckdb", "kpis-5.duckdb", "kpis-6.duckdb"}


def test_a_version_holds_what_was_written_and_what_was_there_before(place: DatabasePaths) -> None:
    place.folder.mkdir()
    states = {"plan": ["p"], "kind": ["workbook"], "location": ["a.xlsx"], "content_hash": ["x"]}
    counts = {"read": [2], "accepted": [2], "warned": [0], "rejected": [0], "position": [0]}
    from datetime import datetime

    times = {"last_good_at": [datetime(2026, 2, 1)], "changed_at": [datetime(2026, 2, 1)]}
    with Staging(place, None) as staging:
        staging.insert("entries", make_entries(2))
        staging.replace_rows(
            "source_states",
            pyarrow.table(
                {
                    "source": ["s"],
                    **states,
                    **counts,
                    **times,
                    "tasks_seen": [False],
                    "judged_by": ["r"],
                    "layout": ["[]"],
                }
            ),
        )
        staging.publish({})
    publish(place)
    database = Database.open(place.pointer)
    assert database is not None
    assert database.fetch_rows("select count(*) as n, max(quantity) as most from entries") == [
        {"n": 2, "most": 1}
    ]


def test_a_version_that_does_not_add_up_is_not_published(place: DatabasePaths) -> None:
    publish(place)
    with pytest.raises(StoreError, match="does not add up"), Staging(place, 1) as staging:
        staging.insert("entries", make_entries(2))
        staging.publish({})
    assert find_current_version(place.pointer) == 1
    assert list_names(place) == {"kpis.json", "kpis-1.duckdb"}


def test_leaving_without_publishing_throws_the_copy_away(place: DatabasePaths) -> None:
    publish(place)
    with Staging(place, 1) as staging:
        staging.insert("entries", make_entries(2))
    assert list_names(place) == {"kpis.json", "kpis-1.duckdb"}


def test_a_number_is_not_used_twice_after_a_version_was_set_aside_or_lost(place: DatabasePaths) -> None:
    publish(place)
    publish(place)
    place.get_version_path(2).write_bytes(b"nothing")
    assert Database.open(place.pointer) is not None
    assert find_next_number(place) == 3
    place.get_version_path(2).with_name("kpis-2.duckdb.damaged").unlink()
    assert find_next_number(place) == 3


def test_that_the_newest_version_was_lost_is_known_until_the_next_one(place: DatabasePaths) -> None:
    assert not has_fallen_back(place.pointer)
    publish(place)
    publish(place)
    assert not has_fallen_back(place.pointer)
    place.get_version_path(2).write_bytes(b"nothing")
    assert Database.open(place.pointer) is not None
    assert has_fallen_back(place.pointer)
    publish(place)
    assert not has_fallen_back(place.pointer)


def test_a_version_that_the_pointer_never_named_is_not_served(place: DatabasePaths) -> None:
    publish(place)
    place.get_version_path(2).write_bytes(place.get_version_path(1).read_bytes())
    assert find_current_version(place.pointer) == 1
    assert publish(place) == 3


@pytest.mark.parametrize("said", [None, b"", b'{"version": 3', b"\xff\xfe"])
def test_a_lost_or_damaged_pointer_leaves_the_newest_version_serving(
    place: DatabasePaths, said: bytes | None
) -> None:
    publish(place)
    publish(place)
    if said is None:
        place.pointer.unlink()
    else:
        place.pointer.write_bytes(said)
    assert find_current_version(place.pointer) == 2
    assert publish(place) == 3
    assert json.loads(place.pointer.read_bytes())["version"] == 3


def test_a_file_of_somebody_elses_is_no_pointer_and_is_not_written_over(place: DatabasePaths) -> None:
    place.folder.mkdir()
    place.pointer.write_text("my notes")
    with pytest.raises(StoreError, match="no pointer"):
        publish(place)
    assert place.pointer.read_text() == "my notes"


def test_databases_side_by_side_do_not_see_each_other(tmp_path: Path) -> None:
    one, other = DatabasePaths(tmp_path / "kpis.json"), DatabasePaths(tmp_path / "kpis-9.json")
    assert publish(one) == 1
    assert publish(other) == 1
    assert publish(one) == 2
    assert find_current_version(other.pointer) == 1


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

    patch.setattr(Staging, "_check", refuse)


@pytest.mark.parametrize("refuse", [refuse_fsync, refuse_rename, refuse_copy, refuse_checkpoint])
def test_a_full_disk_at_any_step_is_told_and_loses_nothing(
    place: DatabasePaths, refuse: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(place, word="kept")
    before = list_names(place)
    with monkeypatch.context() as patch:
        refuse(patch, errno.ENOSPC)
        with pytest.raises(StoreError, match="disk is full"):
            publish(place, word="lost")
    database = Database.open(place.pointer)
    assert database is not None
    assert database.meta["word"] == "kept"
    assert list_names(place) - before <= {
        "kpis-2.duckdb"
    }  # renamed before the refusal; nobody was told of it
    assert publish(place, word="new") > 1
    assert (Database.open(place.pointer) or database).meta["word"] == "new"


def test_a_folder_that_may_not_be_written_is_told(
    place: DatabasePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(place)
    refuse_copy(monkeypatch, errno.EROFS)
    monkeypatch.setattr("shutil.copyfileobj", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
    with pytest.raises(StoreError, match="right to its folder"):
        publish(place)


@pytest.mark.parametrize("way", ["clone", "kernel", "hand"])
def test_a_copy_is_the_same_bytes_whichever_way(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(os.urandom(3_000_001))
    if way != "clone":
        monkeypatch.setattr(files, "_try_clone", lambda *_: False)
    if way == "hand":
        monkeypatch.setattr(files, "_try_kernel_copy", lambda *_: False)
    files.copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()
