"""Instances of DuckDB that serve again hold nothing of what was done with them before."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from kpis.store.lake import instances
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import close_lake, open_lake
from tests.postgres_server import PostgresServer

_SETTINGS = """
    select current_setting('lock_configuration'), current_setting('ducklake_max_retry_count'),
        current_setting('pg_idle_in_transaction_timeout_millis'), current_setting('temp_directory')
"""


def count_sessions(postgres: PostgresServer, database: str) -> int:
    """Return how many sessions a database has besides the one that asks."""
    with closing(postgres.connect(database)) as connection:
        row = connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        ).fetchone()
    assert row is not None
    return int(str(row[0]))


@pytest.mark.usefixtures("lake_world")
def test_an_idle_instance_has_nothing_attached_and_keeps_its_settings(
    lake_address: LakeAddress, lake_database: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    spill = tmp_path / "spill"
    first = open_lake(lake_address, spill)
    first.execute("begin transaction")
    first.execute("create temp table left_over as select 1 as n")
    first.execute("update meta set value = 'nothing' where key = 'sample'")
    settings = first.execute(_SETTINGS).fetchall()
    close_lake(first)
    assert count_sessions(postgres, lake_database) == 0
    second = open_lake(lake_address, spill, is_read_only=True)
    try:
        close_lake(first)  # it was ended, and is no longer that of anybody else
        assert second.execute(_SETTINGS).fetchall() == settings == [(True, 0, 0, str(spill))]
        assert second.execute("select count(*) from meta where value = 'nothing'").fetchall() == [(0,)]
        with pytest.raises(duckdb.CatalogException):
            second.execute("select * from left_over")
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            second.execute("delete from meta")
    finally:
        close_lake(second)


@pytest.mark.usefixtures("lake_world")
def test_two_at_once_have_instances_of_their_own(
    lake_address: LakeAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (open_lake(lake_address, tmp_path / "spill", is_read_only=True) for _ in range(2))
    close_lake(first)
    assert second.execute("select count(*) from meta").fetchall() != [(0,)]
    close_lake(second)
    monkeypatch.setattr(instances, "load_extensions", lambda _: pytest.fail("loaded twice"))
    close_lake(open_lake(lake_address, tmp_path / "spill", is_read_only=True))
