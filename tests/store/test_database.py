"""Reading: the version that the pointer names, locked down, or the one before it (design.md §7)."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from kpis.errors import StoreError
from kpis.store.database import Database
from kpis.store.paths import Place
from kpis.store.versions import current, damaged_files
from tests.store.conftest import publish


def opened(place: Place) -> Database:
    database = Database.open(place.pointer)
    assert database is not None
    return database


def test_before_the_first_sync_there_is_no_database(place: Place) -> None:
    assert Database.open(place.pointer) is None
    assert current(place.pointer) is None


def test_the_newest_version_opens_with_its_facts(place: Place) -> None:
    publish(place, sample="no")
    publish(place, sample="yes")
    database = opened(place)
    assert database.version == 2
    assert database.meta["sample"] == "yes"
    assert database.meta["version"] == "2"


def test_rows_frames_and_tables_bind_parameters_by_name(place: Place) -> None:
    publish(place)
    database = opened(place)
    asked = "select $word as word, 1 as one"
    given = {"word": "'; drop table meta --"}
    assert database.rows(asked, given) == [{"word": given["word"], "one": 1}]
    assert database.frame(asked, given)["word"].tolist() == [given["word"]]
    assert database.table(asked, given).column("word").to_pylist() == [given["word"]]


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
def test_a_reader_can_neither_write_nor_leave_the_file(place: Place, statement: str) -> None:
    publish(place)
    with pytest.raises(duckdb.Error):
        opened(place).rows(statement)


def test_python_variables_are_no_tables(place: Place) -> None:
    publish(place)
    import pandas

    secret = pandas.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        opened(place).rows("select * from secret")
    assert len(secret) == 1


def test_threads_that_share_a_database_get_their_own_rows(place: Place) -> None:
    publish(place)
    database = opened(place)

    def ask(number: int) -> bool:
        answer = database.rows("select $n as n from range(50)", {"n": number})
        return all(row["n"] == number for row in answer) and len(answer) == 50

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_an_open_version_serves_while_newer_ones_are_published_and_swept(place: Place) -> None:
    publish(place)
    old = opened(place)
    for _ in range(5):
        publish(place)
    assert old.rows("select value from meta where key = 'version'") == [{"value": "1"}]
    assert opened(place).version == 6


@pytest.mark.parametrize("wrong", ["empty", "cut", "garbage", "header", "missing"])
def test_a_version_that_will_not_open_is_set_aside_and_the_one_before_serves(
    place: Place, wrong: str
) -> None:
    publish(place)
    publish(place)
    path = place.version(2)
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
    assert opened(place).version == 1
    assert current(place.pointer) == 1
    expected = [] if wrong == "missing" else ["kpis-2.duckdb.damaged"]
    assert [file.name for file in damaged_files(place.pointer)] == expected
    assert publish(place) == 3


def test_any_damage_gives_good_rows_or_an_earlier_version_or_a_named_error(place: Place) -> None:
    publish(place, word="one")
    publish(place, word="two")
    path = place.version(2)
    good = path.read_bytes()
    drawn = random.Random(7)
    seen = set()
    for _ in range(60):
        at = drawn.randrange(len(good))
        path.write_bytes(good[:at] + bytes(255 - byte for byte in good[at : at + 64]) + good[at + 64 :])
        try:
            database = opened(place)
            rows = database.rows("select value from meta where key = 'word'")
            assert rows == [{"value": "two" if database.version == 2 else "one"}]
            seen.add(database.version)
            database.close()
        except StoreError:
            seen.add(0)
    assert 1 in seen


def test_when_nothing_opens_the_error_says_what_to_do(place: Place) -> None:
    publish(place)
    place.version(1).write_bytes(b"nothing")
    with pytest.raises(StoreError, match="backup"):
        opened(place)
    with pytest.raises(StoreError, match="backup"):
        opened(place)


def test_a_folder_that_may_only_be_read_still_serves_the_version_before(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(place)
    publish(place)
    place.version(2).write_bytes(b"nothing")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    assert opened(place).version == 1


def test_a_stale_write_ahead_log_is_never_replayed(place: Place) -> None:
    publish(place)
    other = place.folder / "other.duckdb"
    other.write_bytes(place.version(1).read_bytes())
    writer = duckdb.connect(other)
    writer.execute("set checkpoint_threshold = '1GB'")
    writer.execute("insert into meta values ('smuggled', 'yes')")
    log = other.with_name("other.duckdb.wal").read_bytes()
    place.version(1).with_name("kpis-1.duckdb.wal").write_bytes(log)
    assert "smuggled" not in opened(place).meta
    place.version(2).with_name("kpis-2.duckdb.wal").write_bytes(log)
    publish(place)
    assert "smuggled" not in opened(place).meta
    writer.close()


def test_a_file_that_is_open_for_writing_elsewhere_is_named_and_left_in_place(place: Place) -> None:
    import subprocess
    import sys

    publish(place)
    program = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(place.version(1))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match="another program"):
            opened(place)
        other.communicate()
    assert opened(place).version == 1


def test_tables_of_another_release_are_refused_and_left_in_place(place: Place) -> None:
    publish(place)
    path = place.version(1)
    with duckdb.connect(path) as writer:
        writer.execute("update meta set value = '0' where key = 'format'")
    place.pointer.write_text(json.dumps({"version": 1, "size": path.stat().st_size}))
    with pytest.raises(StoreError, match="another release"):
        opened(place)
    assert path.exists()


def test_a_wrong_query_is_no_damage(place: Place) -> None:
    publish(place)
    database = opened(place)
    with pytest.raises(duckdb.CatalogException):
        database.rows("select * from nowhere")
    assert damaged_files(place.pointer) == []
