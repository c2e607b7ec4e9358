"""Reading: the version that the pointer names, locked down, or the one before it (design.md §7)."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from kpis.errors import StoreError
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version, list_quarantined_files
from tests.store.conftest import publish


def open_database(paths: DatabasePaths) -> Database:
    database = Database.open(paths.pointer)
    assert database is not None
    return database


def test_before_the_first_sync_there_is_no_database(place: DatabasePaths) -> None:
    assert Database.open(place.pointer) is None
    assert find_current_version(place.pointer) is None


def test_the_newest_version_opens_with_its_facts(place: DatabasePaths) -> None:
    publish(place, sample="no")
    publish(place, sample="yes")
    database = open_database(place)
    assert database.version == 2
    assert database.meta["sample"] == "yes"
    assert database.meta["version"] == "2"


def test_rows_frames_and_tables_bind_parameters_by_name(place: DatabasePaths) -> None:
    publish(place)
    database = open_database(place)
    asked = "select $word as word, 1 as one"
    given = {"word": "'; drop table meta --"}
    assert database.fetch_rows(asked, given) == [{"word": given["word"], "one": 1}]
    assert database.fetch_frame(asked, given)["word"].tolist() == [given["word"]]
    assert database.fetch_table(asked, given).column("word").to_pylist() == [given["word"]]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "attach '/tmp/other.duckdb'",
        "copy meta to '/tmp/meta.csv'",
        "install httpfs",
        "set enable_external_access = true",
        "insert into meta values ('a', 'b')",
        "delete from meta",
    ],
)
def test_a_reader_can_neither_write_nor_leave_the_file(place: DatabasePaths, statement: str) -> None:
    publish(place)
    with pytest.raises(duckdb.Error):
        open_database(place).fetch_rows(statement)


def test_python_variables_are_no_tables(place: DatabasePaths) -> None:
    publish(place)
    import pandas

    secret = pandas.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        open_database(place).fetch_rows("select * from secret")
    assert len(secret) == 1


def test_threads_that_share_a_database_get_their_own_rows(place: DatabasePaths) -> None:
    publish(place)
    database = open_database(place)

    def ask(number: int) -> bool:
        answer = database.fetch_rows("select $n as n from range(50)", {"n": number})
        return all(row["n"] == number for row in answer) and len(answer) == 50

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_an_open_version_serves_while_newer_ones_are_published_and_swept(place: DatabasePaths) -> None:
    publish(place)
    old = open_database(place)
    for _ in range(5):
        publish(place)
    assert old.fetch_rows("select value from meta where key = 'version'") == [{"value": "1"}]
    assert open_database(place).version == 6


@pytest.mark.parametrize("wrong", ["empty", "cut", "garbage", "header", "missing"])
def test_a_version_that_will_not_open_is_set_aside_and_the_one_before_serves(
    place: DatabasePaths, wrong: str
) -> None:
    publish(place)
    publish(place)
    path = place.get_version_path(2)
    good = path.read_bytes()
    if wrong == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {
                "empty": b"",
                "cut": good[:-4096],
                "garbage": b"x" * len(good),
                "header": good[:4096] + bytes(8192) + good[12288:],
            }[wrong]
        )
    assert open_database(place).version == 1
    assert find_current_version(place.pointer) == 1
    expected = [] if wrong == "missing" else ["kpis-2.duckdb.damaged"]
    assert [file.name for file in list_quarantined_files(place.pointer)] == expected
    assert publish(place) == 3


def test_any_damage_gives_good_rows_or_an_earlier_version_or_a_named_error(place: DatabasePaths) -> None:
    publish(place, word="one")
    publish(place, word="two")
    path = place.get_version_path(2)
    good = path.read_bytes()
    drawn = random.Random(7)
    seen = set()
    for _ in range(60):
        at = drawn.randrange(len(good))
        path.write_bytes(good[:at] + bytes(255 - byte for byte in good[at : at + 64]) + good[at + 64 :])
        try:
            database = open_database(place)
            rows = database.fetch_rows("select value from meta where key = 'word'")
            assert rows == [{"value": "two" if database.version == 2 else "one"}]
            seen.add(database.version)
            database.close()
        except StoreError:
            seen.add(0)
    assert 1 in seen


def test_when_nothing_opens_the_error_says_what_to_do(place: DatabasePaths) -> None:
    publish(place)
    place.get_version_path(1).write_bytes(b"nothing")
    with pytest.raises(StoreError, match="backup"):
        open_database(place)
    with pytest.raises(StoreError, match="backup"):
        open_database(place)


def test_a_folder_that_may_only_be_read_still_serves_the_version_before(
    place: DatabasePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(place)
    publish(place)
    place.get_version_path(2).write_bytes(b"nothing")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    assert open_database(place).version == 1


def test_a_stale_write_ahead_log_is_never_replayed(place: DatabasePaths) -> None:
    publish(place)
    other = place.folder / "other.duckdb"
    other.write_bytes(place.get_version_path(1).read_bytes())
    writer = duckdb.connect(other)
    writer.execute("set checkpoint_threshold = '1GB'")
    writer.execute("insert into meta values ('smuggled', 'yes')")
    log = other.with_name("other.duckdb.wal").read_bytes()
    place.get_version_path(1).with_name("kpis-1.duckdb.wal").write_bytes(log)
    assert "smuggled" not in open_database(place).meta
    place.get_version_path(2).with_name("kpis-2.duckdb.wal").write_bytes(log)
    publish(place)
    assert "smuggled" not in open_database(place).meta
    writer.close()


def test_a_file_that_is_open_for_writing_elsewhere_is_named_and_left_in_place(place: DatabasePaths) -> None:
    import subprocess
    import sys

    publish(place)
    program = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(place.get_version_path(1))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match="another program"):
            open_database(place)
        other.communicate()
    assert open_database(place).version == 1


def test_tables_of_another_release_are_refused_and_left_in_place(place: DatabasePaths) -> None:
    publish(place)
    path = place.get_version_path(1)
    with duckdb.connect(path) as writer:
        writer.execute("update meta set value = '0' where key = 'format'")
    place.pointer.write_text(json.dumps({"version": 1, "size": path.stat().st_size}))
    with pytest.raises(StoreError, match="another release"):
        open_database(place)
    assert path.exists()


def test_a_wrong_query_is_no_damage(place: DatabasePaths) -> None:
    publish(place)
    database = open_database(place)
    with pytest.raises(duckdb.CatalogException):
        database.fetch_rows("select * from nowhere")
    assert list_quarantined_files(place.pointer) == []
