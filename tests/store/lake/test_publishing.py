"""A publication into a lake is whole or not there: two writers, a lost answer, kills, a PostgreSQL that stops."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pytest
from psycopg.sql import SQL, Identifier

from kpis.errors import StoreError
from kpis.store.lake import durable_files
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.staging import LakeStaging
from tests.postgres_server import PostgresServer
from tests.store.lake.lake_world import change, find_lake_number, follow_from_nothing, open_connection, read_tables
from tests.sync.conftest import World
from tests.sync.sync_process import Job, LimitFileSize, SyncProcess


@contextmanager
def stage(store: LakeStore, is_leading: Callable[[], bool] = lambda: True) -> Iterator[LakeStaging]:
    """Stage the end of every entry, without the lock."""
    current = store.open_current()
    assert current is not None
    with LakeStaging(current, is_leading, store.open_current) as staging:
        staging.execute("update entries set retired_at = recorded_at where retired_at is null")
        staging.execute("update source_states set accepted = 0")
        yield staging


def publish(staging: LakeStaging, world: World) -> int:
    return staging.publish({"recorded_at": world.now.isoformat(), "register_hash": "first", "rules_hash": "r"})


def get_store(world: World) -> LakeStore:
    assert isinstance(world.store, LakeStore)
    return world.store


def test_a_leader_that_lost_its_lock_publishes_nothing(lake_world: World) -> None:
    store = get_store(lake_world)
    expected = read_tables(lake_world.pointer)
    with stage(store, lambda: False) as staging, pytest.raises(StoreError, match="Another process leads"):
        publish(staging, lake_world)
    store.bring_home()
    assert read_tables(lake_world.pointer) == expected


def test_a_leader_that_wakes_after_another_one_published_is_refused(
    lake_world: World, lake_address: LakeAddress, tmp_path: Path
) -> None:
    """Even one that believes to lead: both change the properties of the version."""
    with stage(get_store(lake_world)) as staging:
        change(lake_world, 1)
        assert lake_world.sync().version == 2
        with pytest.raises(StoreError):
            publish(staging, lake_world)
    assert follow_from_nothing(lake_address, tmp_path / "new") == read_tables(lake_world.pointer)


def test_a_commit_without_an_answer_is_asked_for(lake_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL committed, and the answer was lost."""

    class LostAnswer:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> object:
            return getattr(self._connection, name)

        def execute(self, statement: str, *args: object) -> duckdb.DuckDBPyConnection:
            result = self._connection.execute(statement, *args)
            if statement == "commit":
                raise duckdb.IOException("server closed the connection unexpectedly")
            return result

    with stage(get_store(lake_world)) as staging:
        monkeypatch.setattr(staging, "connection", LostAnswer(staging.connection))
        assert publish(staging, lake_world) == 2
    assert find_lake_number(get_store(lake_world)) == 2


def test_a_commit_that_failed_is_an_error(lake_world: World, postgres: PostgresServer) -> None:
    with stage(get_store(lake_world)) as staging:
        postgres.stop("immediate")
        try:
            with pytest.raises(StoreError):
                publish(staging, lake_world)
        finally:
            postgres.start()
    assert find_lake_number(get_store(lake_world)) == 1
    change(lake_world, 1)
    assert lake_world.sync().version == 2


def test_new_files_are_on_the_disk_before_the_commit(
    lake_world: World, lake_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    monkeypatch.setattr(durable_files, "fsync_file", written.append)
    present = set(lake_folder.rglob("*.parquet"))
    with stage(get_store(lake_world)) as staging:
        monkeypatch.setattr(
            staging, "_is_leading", lambda: set(written) == set(lake_folder.rglob("*.parquet")) - present
        )
        publish(staging, lake_world)
    assert written


def test_nothing_is_inlined_into_the_catalog(lake_world: World, postgres: PostgresServer, lake_database: str) -> None:
    with stage(get_store(lake_world)) as staging:
        publish(staging, lake_world)
    with closing(postgres.connect(lake_database)) as connection:
        names = [name for (name,) in connection.execute("select table_name from ducklake_inlined_data_tables")]
        counts = {
            name: connection.execute(SQL("select count(*) from {}").format(Identifier(str(name)))).fetchone()
            for name in names
        }
    assert {name for name, count in counts.items() if count != (0,)} == set()


def test_a_full_folder_is_an_error_and_nothing_is_published(lake_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise OSError(28, os.strerror(28), str(path))

    monkeypatch.setattr(durable_files, "fsync_file", refuse)
    with stage(get_store(lake_world)) as staging, pytest.raises(StoreError, match="disk is full"):
        publish(staging, lake_world)
    assert find_lake_number(get_store(lake_world)) == 1


def test_the_folder_that_is_gone_is_named(lake_world: World, lake_folder: Path) -> None:
    lake_folder.rename(lake_folder.with_name("elsewhere"))
    change(lake_world, 1)
    with pytest.raises(StoreError, match="is not there"):
        lake_world.sync()
    lake_folder.with_name("elsewhere").rename(lake_folder)
    assert lake_world.sync().version == 2


def test_a_lake_of_another_format_is_neither_led_nor_followed(
    lake_world: World, lake_address: LakeAddress, tmp_path: Path
) -> None:
    """As a newer release leaves it."""
    expected = read_tables(lake_world.pointer)
    with open_connection(lake_address, tmp_path / "spill") as connection:
        connection.execute("update meta set value = '999' where key = 'format'")
    change(lake_world, 1)
    with pytest.raises(StoreError, match="Use the same release"):
        lake_world.sync()
    with pytest.raises(StoreError, match="Use the same release"):
        follow(lake_address, lake_world.pointer)
    assert read_tables(lake_world.pointer) == expected


class WithoutRights:
    """A sync of a process that may override no right of any file, as root may; sends the sentence or None."""

    def __init__(self, passfile: Path) -> None:
        self.passfile = passfile

    def __call__(self, world: World, pipe: Connection) -> None:
        header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None).capset(header, none) == 0
        os.environ["PGPASSFILE"] = str(self.passfile)
        try:
            world.sync()
        except StoreError as error:
            pipe.send(str(error))
        else:
            pipe.send(None)


@pytest.mark.slow
def test_a_folder_that_is_full_or_read_only_is_named_and_nothing_is_published(
    lake_world: World, lake_folder: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    """A process of its own meets what the system refuses, wherever it writes."""
    passfile = tmp_path / "pgpass"
    passfile.touch(0o600)
    passfile.write_bytes(postgres.passfile.read_bytes())
    change(lake_world, 1)
    assert run_and_receive(lake_world, LimitFileSize(200))
    assert find_lake_number(get_store(lake_world)) == 1
    folders = [lake_folder, *(path for path in lake_folder.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        sentence = run_and_receive(lake_world, WithoutRights(passfile))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert "Permission denied" in str(sentence)
    assert find_lake_number(get_store(lake_world)) == 1
    assert lake_world.sync().version == 2


def run_and_receive(world: World, job: Job) -> object:
    run = SyncProcess(world, job)
    sentence = run.receive()
    run.wait()
    return sentence
