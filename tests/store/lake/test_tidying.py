"""Tidying removes what nothing needs and changes no answer, also of whoever reads meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.store.lake import durable_files, tidying
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.lake.leader_lock import LeaderLock, try_lead
from kpis.store.lake.tidying import tidy_lake
from tests.postgres_server import PostgresServer
from tests.store.lake.lake_world import age_lake, change, follow_from_nothing, read_tables
from tests.sync.conftest import World


@pytest.fixture
def lake_world(make_lake: Callable[[int], World]) -> World:
    """A lake of four publications, each of which retires rows."""
    return make_lake(4)


def test_what_is_old_goes_and_every_answer_stays(
    lake_world: World, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path,
    postgres: PostgresServer, lake_database: str,
) -> None:  # fmt: skip
    spill = tmp_path / "spill"
    expected = read_tables(lake_world.pointer)
    orphan, young = (lake_folder / "main" / "entries" / f"{name}.parquet" for name in ("orphan", "young"))
    orphan.write_bytes(b"PAR1")
    age_lake(postgres, lake_database, lake_folder)
    young.write_bytes(b"PAR1")
    present = set(lake_folder.rglob("*.parquet"))

    planned = tidy_lake(lake_address, spill, is_dry_run=True)
    assert set(lake_folder.rglob("*.parquet")) == present
    assert (planned.snapshots, planned.orphans) == (5, (str(orphan),))

    done = tidy_lake(lake_address, spill, is_dry_run=False)
    assert done.merged > done.created > 0
    assert (done.snapshots, done.removed, done.orphans) == (6, planned.removed, (str(orphan),))
    assert not orphan.exists()
    assert young.exists()
    assert follow_from_nothing(lake_address, tmp_path / "first") == expected

    age_lake(postgres, lake_database, lake_folder)
    removed = tidy_lake(lake_address, spill, is_dry_run=False).removed
    assert removed > 20
    assert follow_from_nothing(lake_address, tmp_path / "second") == expected
    change(lake_world, 5)
    assert lake_world.sync().version == 5
    assert follow_from_nothing(lake_address, tmp_path / "third") == read_tables(lake_world.pointer)


def test_nothing_of_the_last_days_goes(lake_world: World, lake_address: LakeAddress, tmp_path: Path) -> None:
    del lake_world
    done = tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False)
    assert (done.snapshots, done.removed, done.orphans) == (0, 0, ())


def test_a_reader_during_it_sees_no_error(
    lake_world: World, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path,
    postgres: PostgresServer, lake_database: str,
) -> None:  # fmt: skip
    """One that began before and reads on afterwards, and others that begin while it is tidied."""
    expected = read_tables(lake_world.pointer)
    tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False)
    age_lake(postgres, lake_database, lake_folder)
    change(lake_world, 6)
    lake_world.sync()
    expected = read_tables(lake_world.pointer)
    results: list[object] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set() or not results:
            results.append(follow_from_nothing(lake_address, tmp_path / f"new-{len(results)}") == expected)

    early = LakeVersion(lake_address, open_lake(lake_address, tmp_path / "early", is_read_only=True))
    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False).snapshots > 0
    finally:
        is_over.set()
        reader.join()
    with closing(early):
        assert len(early.fetch_rows("select * from entries")) == len(expected["entries"])
    assert set(results) == {True}


def test_it_waits_for_no_leader(lake_world: World, lake_address: LakeAddress, tmp_path: Path) -> None:
    del lake_world
    with try_lead(lake_address), pytest.raises(StoreError, match="under way"):
        tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False)


def test_a_leader_that_lost_its_lock_removes_nothing(
    lake_world: World, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path,
    postgres: PostgresServer, lake_database: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    del lake_world
    tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False)
    age_lake(postgres, lake_database, lake_folder)
    present = set(lake_folder.rglob("*.parquet"))
    monkeypatch.setattr(LeaderLock, "is_held", lambda _self: False)
    with pytest.raises(StoreError, match="tidying stopped"):
        tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False)
    assert set(lake_folder.rglob("*.parquet")) == present


def test_merged_files_are_on_the_disk_before_the_catalog_names_them(
    lake_world: World, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del lake_world
    written: list[Path] = []
    present = set(lake_folder.rglob("*.parquet"))
    monkeypatch.setattr(durable_files, "fsync_file", written.append)
    tidying.tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False)
    assert written
    assert set(written) == set(lake_folder.rglob("*.parquet")) - present
