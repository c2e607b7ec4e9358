"""A publication into a lake is whole or not there: two writers, a lost answer, kills, a PostgreSQL that stops."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from psycopg.sql import SQL, Identifier

from kpis.errors import StoreError
from kpis.store.lake import durable_files
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.lake.staging import LakeStaging
from tests.postgres_server import PostgresServer
from tests.store.lake.lake_world import find_lake_number, follow_from_nothing, make_lake_world, read_tables
from tests.sync.conftest import World, make_entries, make_entry, make_sheet
from tests.sync.sync_process import SyncProcess, sync_and_report


@pytest.fixture
def lake_world(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> World:
    world = make_lake_world(lake_address, lake_folder, tmp_path / "local")
    change(world, 0)
    world.sync()
    return world


def change(world: World, step: int) -> None:
    world.now += timedelta(hours=1)
    world.sheets["s"] = make_sheet([*make_entries(10 + step, start=step), make_entry("31/02/2026")])


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


def count_and_scan(address: LakeAddress, spill: Path) -> dict[str, tuple[int, int]]:
    """Return by table the number of rows that the catalog knows, and of those that are read (ducklake#1215)."""
    with closing(LakeVersion(address, open_lake(address, spill, is_read_only=True))) as lake:
        names = [str(row["table_name"]) for row in lake.fetch_rows("select table_name from duckdb_tables()")]
        counts = {}
        for name in names:
            if not name.startswith("ducklake_") and name not in ("contents", "moves"):
                count = lake.fetch_rows(f"select count(*) as n from {name}")[0]["n"]  # noqa: S608
                counts[name] = (int(str(count)), lake.fetch_table(f"select * from {name}").num_rows)  # noqa: S608
        return counts


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
    for count, scanned in count_and_scan(lake_address, tmp_path / "spill").values():
        assert count == scanned


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


@pytest.mark.slow
def test_writers_that_are_killed_lose_nothing_acknowledged(
    lake_world: World, lake_address: LakeAddress, tmp_path: Path
) -> None:
    """Twelve kills at any moment; what a writer has answered for is there, and nothing is there in part."""
    rng = random.Random(5)
    acknowledged = 1
    for step in range(1, 13):
        change(lake_world, step)
        run = SyncProcess(lake_world, sync_and_report)
        assert run.receive() == "started"
        time.sleep(rng.uniform(0, 2.5))
        run.kill()
        run.wait()
        current = find_lake_number(get_store(lake_world))
        assert current is not None
        assert current >= acknowledged
        acknowledged = current
        new = follow_from_nothing(lake_address, tmp_path / f"new-{step}")
        assert len(new["entries"]) > acknowledged
    lake_world.sync()
    current_rows = [row for row in read_tables(lake_world.pointer)["entries"] if None in row]
    assert len(current_rows) >= 22
    for count, scanned in count_and_scan(lake_address, tmp_path / "spill").values():
        assert count == scanned
