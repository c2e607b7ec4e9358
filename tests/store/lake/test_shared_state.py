"""Journal and positions of a lake: written by its leader, the same files on every machine, never those of yesterday."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.settings import load_settings
from kpis.store import journal, positions
from kpis.store.lake import shared_state
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.shared_state import bring_shared_state
from kpis.store.lock import wait_for_lock
from kpis.store.opening import append_to_journal
from kpis.store.paths import DatabasePaths
from kpis.store.positions import FindingKey, Position
from kpis.sync.attempts import read_attempts
from tests.postgres_server import LEADER, PostgresServer
from tests.store.lake.lake_world import make_lake_world
from tests.sync.conftest import World, make_entries, make_entry, make_sheet

MOVED: dict[str, dict[FindingKey, Position]] = {
    "s": {(2**64 - 1, "date_missing"): Position("Tiến độ", 7, "D7", None, '{"x": "\\u0000"}')}
}


@pytest.fixture
def store(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> LakeStore:
    """A new lake, and the machine of its leader."""
    create_lake(lake_address, str(lake_folder), tmp_path / "spill")
    return LakeStore(lake_address, tmp_path / "leader" / "kpis.json")


@pytest.fixture
def replica(tmp_path: Path) -> DatabasePaths:
    """The files of another machine."""
    paths = DatabasePaths(tmp_path / "replica" / "kpis.json")
    paths.folder.mkdir()
    return paths


def read_files(paths: DatabasePaths) -> tuple[bytes, bytes]:
    return paths.journal.read_bytes(), paths.positions.read_bytes()


def test_a_sync_on_a_lake_has_the_same_journal_and_positions_as_one_on_files(
    lake_address: LakeAddress, follower_address: LakeAddress, lake_folder: Path, tmp_path: Path, world: World
) -> None:
    lake_world = make_lake_world(lake_address, lake_folder, tmp_path / "leader")
    for each in (world, lake_world):
        for rows_above in (0, 3, 3):
            each.now += timedelta(hours=1)
            each.sheets["s"] = make_sheet([*make_entries(rows_above), make_entry("31/02/2026")])
            each.sync()
    replica = tmp_path / "replica" / "kpis.json"
    replica.parent.mkdir()
    follow(follower_address, replica)
    assert read_attempts(replica) == read_attempts(world.pointer)
    assert len(read_attempts(replica)) == 3
    assert positions.read(replica) == positions.read(world.pointer) != {}
    assert read_files(DatabasePaths(replica)) == read_files(DatabasePaths(lake_world.pointer))


def test_each_change_comes_over_once_and_only_what_changed(
    store: LakeStore, replica: DatabasePaths, follower_address: LakeAddress
) -> None:
    assert not bring_shared_state(follower_address, replica)
    assert not replica.journal.exists()
    with store.try_lock():
        store.append_journal({"at": "1", "text": "đã đọc\n\x00"})
        assert bring_shared_state(follower_address, replica)
        assert not bring_shared_state(follower_address, replica)
        assert journal.read(replica.journal) == [{"at": "1", "text": "đã đọc\n\x00"}]
        replica.journal.write_bytes(b"stays")
        store.write_positions(MOVED)
        assert bring_shared_state(follower_address, replica)
        assert store.read_positions() == positions.read(replica.pointer) == MOVED
        assert replica.journal.read_bytes() == b"stays"
        store.write_positions({})
        store.rewrite_journal(lambda record: {**record, "at": "2"})
        assert bring_shared_state(follower_address, replica)
    assert positions.read(replica.pointer) == {}
    assert [record["at"] for record in journal.read(replica.journal)] == ["2"]
    assert read_files(replica) == read_files(store.paths)


def test_a_long_journal_is_shortened_as_its_file_is(
    store: LakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 1500)
    path = tmp_path / "kpis-journal.jsonl"
    with store.try_lock():
        for number in range(40):
            attempt = {"id": "s", "outcome": "failed" if number == 5 else "unchanged"}
            record = {"at": (datetime(2026, 3, 1) + timedelta(minutes=number)).isoformat(), "sources": [attempt]}
            store.append_journal(record)
            journal.append(path, record)
    assert store.paths.journal.read_bytes() == path.read_bytes()
    assert any(b"failed" in line for line in path.read_bytes().splitlines())


def test_without_postgresql_the_files_stay_and_changes_come_when_it_is_back(
    store: LakeStore, replica: DatabasePaths, follower_address: LakeAddress, postgres: PostgresServer
) -> None:
    with store.try_lock():
        store.append_journal({"at": "1"})
        bring_shared_state(follower_address, replica)
        store.append_journal({"at": "2"})
        postgres.stop("immediate")
        try:
            with pytest.raises(StoreError, match="does not answer"):
                bring_shared_state(follower_address, replica)
            assert [record["at"] for record in journal.read(replica.journal)] == ["1"]
            with pytest.raises(StoreError, match="does not answer"):
                store.append_journal({"at": "3"})
        finally:
            postgres.start()
    bring_shared_state(follower_address, replica)
    assert [record["at"] for record in journal.read(replica.journal)] == ["1", "2"]


def _fail(lines: list[bytes]) -> list[bytes]:
    raise ZeroDivisionError


def test_a_failure_within_a_change_changes_nothing(store: LakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.try_lock():
        store.append_journal({"at": "1"})
        monkeypatch.setattr(journal, "MAX_BYTES", 0)
        monkeypatch.setattr(journal, "shorten", _fail)
        with pytest.raises(ZeroDivisionError):
            store.append_journal({"at": "2"})
        monkeypatch.undo()
        store.append_journal({"at": "3"})
    assert [record["at"] for record in journal.read(store.paths.journal)] == ["1", "3"]
    assert json.loads(store.paths.shared_state.read_bytes()) == {"journal": 2}


def test_a_leader_that_lost_its_lock_writes_nothing(
    store: LakeStore, postgres: PostgresServer, lake_database: str
) -> None:
    with pytest.raises(StoreError, match="Only the leader"):
        store.append_journal({"at": "0"})
    with store.try_lock():
        with closing(postgres.connect(lake_database)) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [LEADER])
        with pytest.raises(StoreError, match="does not answer"):
            store.append_journal({"at": "1"})
        with pytest.raises(StoreError, match="does not answer"):
            store.write_positions(MOVED)
    with store.try_lock():
        assert store.read_positions() == {}
        store.append_journal({"at": "2"})
    assert [record["at"] for record in journal.read(store.paths.journal)] == ["2"]


def test_a_lake_of_an_earlier_day_changes_nothing_here(
    store: LakeStore,
    replica: DatabasePaths,
    follower_address: LakeAddress,
    postgres: PostgresServer,
    lake_database: str,
) -> None:
    with store.try_lock():
        for number in range(3):
            store.append_journal({"at": str(number)})
    bring_shared_state(follower_address, replica)
    with closing(postgres.connect(lake_database, LEADER)) as connection:
        connection.execute("update kpis_shared.counters set counter = 2")
        connection.execute("delete from kpis_shared.journal where number > 2")
    with pytest.raises(StoreError, match="of an earlier day"):
        bring_shared_state(follower_address, replica)
    assert len(journal.read(replica.journal)) == 3


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b'{"journal": "x"}', b"\xff"])
def test_damaged_counters_bring_everything_over(
    content: bytes, store: LakeStore, replica: DatabasePaths, follower_address: LakeAddress
) -> None:
    with store.try_lock():
        store.append_journal({"at": "1"})
        store.write_positions(MOVED)
    replica.shared_state.write_bytes(content)
    assert bring_shared_state(follower_address, replica)
    assert read_files(replica) == read_files(store.paths)


def test_two_processes_of_a_machine_do_not_bring_over_at_once(
    store: LakeStore, replica: DatabasePaths, follower_address: LakeAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_state, "_LOCK_SECONDS", 0.1)
    with (
        wait_for_lock(replica.shared_state.with_suffix(".lock"), 1),
        pytest.raises(StoreError, match="Another process is following"),
    ):
        bring_shared_state(follower_address, replica)


def test_what_is_noted_beside_a_sync_is_in_the_journal_of_every_machine(
    store: LakeStore, replica: DatabasePaths, lake_address: LakeAddress, follower_address: LakeAddress
) -> None:
    environ = {"KPIS_DATABASE": f"ducklake:postgres:{lake_address.conninfo}", "KPIS_LOCAL": str(replica.folder)}
    with store.try_lock():
        store.append_journal({"at": "1"})
        append_to_journal(load_settings(environ), {"at": "2", "action": "discard_draft"})
        assert [record["at"] for record in journal.read(replica.journal)] == ["1", "2"]
        store.append_journal({"at": "3"})
    bring_shared_state(follower_address, replica)
    assert [record["at"] for record in journal.read(replica.journal)] == ["1", "2", "3"]
    assert replica.journal.read_bytes() == store.paths.journal.read_bytes()


def test_what_cannot_be_noted_is_an_error(
    store: LakeStore, replica: DatabasePaths, lake_address: LakeAddress, postgres: PostgresServer
) -> None:
    environ = {"KPIS_DATABASE": f"ducklake:postgres:{lake_address.conninfo}", "KPIS_LOCAL": str(replica.folder)}
    postgres.stop("immediate")
    try:
        with pytest.raises(StoreError, match="does not answer"):
            append_to_journal(load_settings(environ), {"at": "1"})
    finally:
        postgres.start()
    assert not replica.journal.exists()
