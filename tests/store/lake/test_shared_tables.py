"""The schema `kpis_shared`, and what each role may not do in the database of a lake."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from kpis.errors import StoreError
from kpis.store.lake import shared_tables
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.creating import create_lake
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.leader_lock import try_lead
from kpis.store.lake.shared_tables import create_shared_tables
from tests.postgres_server import FOLLOWER, LEADER, PAGE, PostgresServer

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def lake(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> LakeAddress:
    """A lake without a version."""
    create_lake(lake_address, str(lake_folder), tmp_path / "spill")
    return lake_address


def list_tables(server: PostgresServer, dbname: str, schema: str) -> list[str]:
    """Return the tables of a schema with their schema."""
    statement = "select tablename from pg_tables where schemaname = %s order by tablename"
    with closing(server.connect(dbname)) as connection:
        return [f'{schema}."{name}"' for (name,) in connection.execute(statement, [schema]).fetchall()]


@pytest.fixture
def page(postgres: PostgresServer, lake: LakeAddress, lake_database: str) -> Iterator[Connection]:
    """A connection of the process of the pages."""
    with closing(postgres.connect(lake_database, PAGE)) as connection:
        yield connection


@pytest.fixture
def follower(postgres: PostgresServer, lake: LakeAddress, lake_database: str) -> Iterator[Connection]:
    """A connection of the follower."""
    with closing(postgres.connect(lake_database, FOLLOWER)) as connection:
        yield connection


def assert_refused(connection: Connection, statement: str) -> None:
    """Assert that PostgreSQL refuses a statement for want of a right."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


FORBIDDEN = (
    "select * from {}", "insert into {} default values", "delete from {}", "truncate {}",
    "alter table {} add column more int", "drop table {}",
)  # fmt: skip
"""What is tried on every table; PostgreSQL looks at the right before anything else."""


def test_the_role_of_pages_has_nothing_of_the_catalog(
    page: Connection, postgres: PostgresServer, lake_database: str
) -> None:
    tables = list_tables(postgres, lake_database, "public")
    assert len(tables) > 20
    for table in tables:
        for statement in FORBIDDEN:
            assert_refused(page, statement.format(table))
    assert_refused(page, "create table public.mine (a int)")
    assert_refused(page, "create schema mine")
    assert_refused(page, "create temporary table mine (a int)")


PAGE_WRITES = {
    "bindings": {"insert", "update", "delete"},
    "invitations": {"insert", "update", "delete"},
    "sessions": {"insert", "update", "delete"},
    "sign_ins": {"insert", "update", "delete"},
    "counters": {"insert", "update"},
    "edition_claims": {"insert", "update"},
    "lines": {"insert"},
    "orders": {"insert"},
}
"""What pages do with the shared tables besides reading them."""


def test_the_role_of_pages_reads_what_is_shared_writes_its_part_and_does_nothing_else_with_it(
    page: Connection, postgres: PostgresServer, lake_database: str
) -> None:
    tables = list_tables(postgres, lake_database, "kpis_shared")
    assert 'kpis_shared."counters"' in tables
    for table in tables:
        page.execute(FORBIDDEN[0].format(table))
        statement = (
            "select privilege_type from information_schema.table_privileges where grantee = %s and table_name = %s"
        )
        name = table.split('"')[1]
        rows = page.execute(statement, [PAGE, name]).fetchall()
        assert {str(right).lower() for (right,) in rows} - {"select"} == PAGE_WRITES.get(name, set()), table
        for statement, right in zip(FORBIDDEN[1:3], ("insert", "delete"), strict=True):
            if right not in PAGE_WRITES.get(name, set()):
                assert_refused(page, statement.format(table))
        for statement in FORBIDDEN[3:]:
            assert_refused(page, statement.format(table))
    page.execute("insert into kpis_shared.counters values ('of a test', 1)")
    assert_refused(page, "create table kpis_shared.mine (a int)")


def test_the_role_of_followers_reads_the_catalog_and_changes_nothing(
    follower: Connection, postgres: PostgresServer, lake_database: str
) -> None:
    for table in list_tables(postgres, lake_database, "public"):
        follower.execute(FORBIDDEN[0].format(table))
        for statement in FORBIDDEN[1:]:
            assert_refused(follower, statement.format(table))
    for table in list_tables(postgres, lake_database, "kpis_shared"):
        for statement in FORBIDDEN[1:]:
            assert_refused(follower, statement.format(table))
    for statement in ("public.mine (a int)", "kpis_shared.mine (a int)"):
        assert_refused(follower, f"create table {statement}")


def test_no_role_but_the_leaders_takes_a_lock(page: Connection, follower: Connection, lake: LakeAddress) -> None:
    with closing(page), closing(follower):
        for connection in (page, follower):
            for name in ("lock", "xact_lock", "lock_shared", "xact_lock_shared"):
                for prefix in ("pg_advisory_", "pg_try_advisory_"):
                    assert_refused(connection, f"select {prefix}{name}(1)")
                    assert_refused(connection, f"select {prefix}{name}({0x6B706973}, 1)")
    with try_lead(lake) as lock:
        assert lock is not None


def test_a_process_of_pages_opens_no_lake(lake: LakeAddress, page_address: LakeAddress, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be used"):
        open_lake(page_address, tmp_path / "spill", is_read_only=True)


def test_they_may_be_made_many_times_at_once_and_keep_what_they_hold(
    lake: LakeAddress, lake_folder: Path, tmp_path: Path, page: Connection
) -> None:
    page.execute("insert into kpis_shared.counters values ('of a test', 7)")
    with ThreadPoolExecutor(4) as pool:
        for call in [pool.submit(create_shared_tables, lake) for _ in range(4)]:
            call.result()
    create_lake(lake, str(lake_folder), tmp_path / "spill")
    row = page.execute("select counter from kpis_shared.counters where kind = 'of a test'").fetchone()
    assert row == (7,)


def test_roles_that_the_server_lacks_are_left_out(lake_address: LakeAddress, postgres: PostgresServer) -> None:
    dbname = lake_address.parameters["dbname"]
    with closing(postgres.connect()) as connection:
        connection.execute(f"alter role {PAGE} rename to kpis_other")
        try:
            create_shared_tables(lake_address)
            with closing(postgres.connect(dbname, LEADER)) as leader:
                assert leader.execute("select count(*) from kpis_shared.journal").fetchone() == (0,)
        finally:
            connection.execute(f"alter role kpis_other rename to {PAGE}")


def test_only_the_leaders_role_makes_them(page_address: LakeAddress) -> None:
    with pytest.raises(StoreError, match="permission denied"):
        create_shared_tables(page_address)


def test_the_first_leader_of_a_newer_release_adds_what_is_missing_and_an_older_one_leads_no_more(
    lake: LakeAddress, tmp_path: Path, postgres: PostgresServer, lake_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LakeStore(lake, tmp_path / "kpis.json")
    with closing(postgres.connect(lake_database, LEADER)) as leader:
        leader.execute("drop table kpis_shared.orders")
        with store.try_lock():  # it has what it needs, as is written down
            assert leader.execute("select to_regclass('kpis_shared.orders')").fetchone() == (None,)
        leader.execute("delete from kpis_shared.counters where kind = 'tables'")
        with store.try_lock() as is_leading:
            assert is_leading and store.list_waiting_orders() == []
        with closing(postgres.connect(lake_database, FOLLOWER)) as follower:
            assert follower.execute("select count(*) from kpis_shared.orders").fetchone() == (0,)
        monkeypatch.setattr(shared_tables, "TABLES_NUMBER", shared_tables.TABLES_NUMBER - 1)
        for refused in (lambda: create_shared_tables(lake), lambda: store.try_lock().__enter__()):
            with pytest.raises(StoreError, match="newer release"):
                refused()
