"""Reading: the version that the pointer names, locked down, or the previous one (design.md §7)."""

from __future__ import annotations

import errno
import json
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import pandas
import pytest

from kpis.errors import StoreError
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.store.scopes.scope import Scope
from kpis.store.versions import find_current_version, list_quarantined_files
from tests.store.conftest import publish


def open_database(paths: DatabasePaths) -> Database:
    database = Database.open(paths.pointer)
    assert database is not None
    return database


def test_no_database_exists_before_the_first_sync(paths: DatabasePaths) -> None:
    assert Database.open(paths.pointer) is None
    assert find_current_version(paths.pointer) is None


def test_the_newest_version_opens_with_its_metadata(paths: DatabasePaths) -> None:
    publish(paths, sample="no")
    publish(paths, sample="yes")
    database = open_database(paths)
    assert database.version == 2
    assert database.meta["sample"] == "yes"
    assert database.meta["version"] == "2"


def test_rows_and_tables_bind_parameters_by_name(paths: DatabasePaths) -> None:
    publish(paths)
    database = open_database(paths)
    query = "select $word as word, 1 as number"
    params = {"word": "'; drop table meta --"}
    assert database.fetch_rows(query, params) == [{"word": params["word"], "number": 1}]
    assert database.fetch_table(query, params).column("word").to_pylist() == [params["word"]]


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
def test_a_reader_can_neither_write_nor_leave_the_file(paths: DatabasePaths, statement: str) -> None:
    publish(paths)
    with pytest.raises(duckdb.Error):
        open_database(paths).fetch_rows(statement)


def test_python_variables_are_not_tables(paths: DatabasePaths) -> None:
    publish(paths)
    secret = pandas.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        open_database(paths).fetch_rows("select * from secret")
    assert len(secret) == 1


def test_a_small_file_is_asked_by_one_thread_and_a_large_one_by_several(
    paths: DatabasePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(paths)
    query = "select current_setting('threads') as threads"
    scope = Scope(frozenset({"p"}))
    with closing(open_database(paths)) as database:
        assert [reader.fetch_rows(query) for reader in (database, database.for_scope(scope))] == [[{"threads": 1}]] * 2
    monkeypatch.setattr("kpis.store.database.ONE_THREAD_BYTES", 0)
    with closing(duckdb.connect()) as usual, closing(open_database(paths)) as database:
        threads = usual.execute(query).fetchone()
        for reader in (database, database.for_scope(scope)):
            assert tuple(reader.fetch_rows(query)[0].values()) == threads


def test_threads_that_share_a_database_get_their_own_rows(paths: DatabasePaths) -> None:
    publish(paths)
    database = open_database(paths)

    def query_number(number: int) -> bool:
        rows = database.fetch_rows("select $n as n from range(50)", {"n": number})
        return all(row["n"] == number for row in rows) and len(rows) == 50

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(query_number, range(400)))


def test_an_open_version_can_be_read_while_newer_ones_are_published_and_old_ones_removed(
    paths: DatabasePaths,
) -> None:
    publish(paths)
    old = open_database(paths)
    for _ in range(5):
        publish(paths)
    assert old.fetch_rows("select value from meta where key = 'version'") == [{"value": "1"}]
    assert open_database(paths).version == 6


@pytest.mark.parametrize(
    "statement",
    ["drop table entries", "drop table curve", "drop table meta", "alter table targets drop column floor"],
)
def test_a_table_or_column_that_is_missing_is_found_at_opening(paths: DatabasePaths, statement: str) -> None:
    publish(paths)
    publish(paths)
    path = paths.get_version_path(2)
    with duckdb.connect(path) as writer:
        writer.execute(statement)
    paths.pointer.write_text(json.dumps({"version": 2, "size": path.stat().st_size}))
    assert open_database(paths).version == 1
    assert [file.name for file in list_quarantined_files(paths.pointer)] == ["kpis-2.duckdb.damaged"]


READ_ONLY_PROGRAM = """
import os, sys
from pathlib import Path
from kpis.store.database import Database

pointer = Path(sys.argv[1])
Database.open(pointer).close()  # loads what a user without rights could not
for path in pointer.parent.iterdir():
    path.chmod(0o444)
pointer.parent.chmod(0o555)
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    (pointer.parent / "new").touch()
except OSError:
    print("read-only", flush=True)
database = Database.open(pointer)
print(database.fetch_rows("select count(*) as n from meta where key = 'format'"))
"""


def test_a_folder_that_may_only_be_read_serves_its_figures(paths: DatabasePaths) -> None:
    publish(paths)
    for folder in paths.folder.parents:
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY_PROGRAM, str(paths.pointer)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    paths.folder.chmod(0o755)
    assert (done.stdout.split("\n")[:2], done.stderr) == (["read-only", "[{'n': 1}]"], "")


def test_a_system_that_may_only_be_read_refuses_to_remove_even_what_is_not_there(
    paths: DatabasePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(paths)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    assert open_database(paths).version == 1
    paths.get_version_path(1).with_name("kpis-1.duckdb.wal").write_bytes(b"stale")
    with pytest.raises(StoreError, match=r"kpis-1.duckdb.wal cannot be read or written"):
        open_database(paths)


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "header", "missing"])
def test_a_version_that_does_not_open_is_quarantined_and_the_previous_one_is_used(
    paths: DatabasePaths, damage: str
) -> None:
    publish(paths)
    publish(paths)
    path = paths.get_version_path(2)
    good = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {
                "empty": b"",
                "cut": good[:-4096],
                "garbage": b"x" * len(good),
                "header": good[:4096] + bytes(8192) + good[12288:],
            }[damage]
        )
    assert open_database(paths).version == 1
    assert find_current_version(paths.pointer) == 1
    expected = [] if damage == "missing" else ["kpis-2.duckdb.damaged"]
    assert [file.name for file in list_quarantined_files(paths.pointer)] == expected
    assert publish(paths) == 3


@pytest.mark.slow
def test_any_damage_gives_correct_rows_or_an_earlier_version_or_a_named_error(paths: DatabasePaths) -> None:
    publish(paths, word="one")
    publish(paths, word="two")
    path = paths.get_version_path(2)
    good = path.read_bytes()
    rng = random.Random(7)
    versions = set()
    for _ in range(60):
        start = rng.randrange(len(good))
        end = start + 64
        path.write_bytes(good[:start] + bytes(255 - byte for byte in good[start:end]) + good[end:])
        try:
            database = open_database(paths)
            rows = database.fetch_rows("select value from meta where key = 'word'")
            assert rows == [{"value": "two" if database.version == 2 else "one"}]
            versions.add(database.version)
            database.close()
        except StoreError:
            versions.add(0)
    assert 1 in versions


def test_if_no_version_opens_the_error_says_what_to_do(paths: DatabasePaths) -> None:
    publish(paths)
    paths.get_version_path(1).write_bytes(b"nothing")
    with pytest.raises(StoreError, match="backup"):
        open_database(paths)
    with pytest.raises(StoreError, match="backup"):
        open_database(paths)


def test_in_a_read_only_folder_the_previous_version_is_still_used(
    paths: DatabasePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(paths)
    publish(paths)
    paths.get_version_path(2).write_bytes(b"nothing")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    assert open_database(paths).version == 1


def test_a_stale_write_ahead_log_is_never_replayed(paths: DatabasePaths) -> None:
    publish(paths)
    other = paths.folder / "other.duckdb"
    other.write_bytes(paths.get_version_path(1).read_bytes())
    writer = duckdb.connect(other)
    writer.execute("set checkpoint_threshold = '1GB'")
    writer.execute("insert into meta values ('smuggled', 'yes')")
    log = other.with_name("other.duckdb.wal").read_bytes()
    paths.get_version_path(1).with_name("kpis-1.duckdb.wal").write_bytes(log)
    assert "smuggled" not in open_database(paths).meta
    paths.get_version_path(2).with_name("kpis-2.duckdb.wal").write_bytes(log)
    publish(paths)
    assert "smuggled" not in open_database(paths).meta
    writer.close()


def test_a_file_that_another_program_has_open_for_writing_is_named_and_not_moved(
    paths: DatabasePaths,
) -> None:
    publish(paths)
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(paths.get_version_path(1))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match="another program"):
            open_database(paths)
        other.communicate()
    assert open_database(paths).version == 1


def test_tables_of_another_release_are_refused_and_not_moved(paths: DatabasePaths) -> None:
    publish(paths)
    path = paths.get_version_path(1)
    with duckdb.connect(path) as writer:
        writer.execute("update meta set value = '0' where key = 'format'")
    paths.pointer.write_text(json.dumps({"version": 1, "size": path.stat().st_size}))
    with pytest.raises(StoreError, match="another release"):
        open_database(paths)
    assert path.exists()


def test_a_wrong_query_does_not_count_as_damage(paths: DatabasePaths) -> None:
    publish(paths)
    database = open_database(paths)
    with pytest.raises(duckdb.CatalogException):
        database.fetch_rows("select * from nowhere")
    assert list_quarantined_files(paths.pointer) == []
