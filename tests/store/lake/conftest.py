"""Fixtures of a lake: one PostgreSQL for each process of the tests, one empty database for each test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpis.store.lake.address import LakeAddress, parse_address
from tests.postgres_server import FOLLOWER, LEADER, PAGE, PostgresServer
from tests.sync.conftest import World


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server; a test that stops it starts it again."""
    server = PostgresServer()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture
def lake_database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of an empty database; passwords of the roles are in PGPASSFILE for this process and its children."""
    name = f"lake_{uuid.uuid4().hex}"
    postgres.create_database(name)
    for variable in ("PGPASSWORD", "PGSERVICE", "PGHOSTADDR", "PGOPTIONS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(postgres.passfile))
    yield name
    postgres.drop_database(name)


@pytest.fixture
def lake_address(postgres: PostgresServer, lake_database: str) -> LakeAddress:
    """The address with the role of the leader, which owns the database."""
    return _build_address(postgres, lake_database, LEADER)


@pytest.fixture
def follower_address(postgres: PostgresServer, lake_database: str) -> LakeAddress:
    """The same database with the role that may only read the leader's tables."""
    return _build_address(postgres, lake_database, FOLLOWER)


@pytest.fixture
def page_address(postgres: PostgresServer, lake_database: str) -> LakeAddress:
    """The same database with the role of a page's process, to which nothing is granted yet."""
    return _build_address(postgres, lake_database, PAGE)


@pytest.fixture
def lake_folder(tmp_path: Path) -> Path:
    """An empty folder for the Parquet files of a lake."""
    folder = tmp_path / "lake"
    folder.mkdir()
    return folder


def _build_address(server: PostgresServer, dbname: str, user: str) -> LakeAddress:
    text = f"ducklake:postgres:host={server.host} port={server.port} dbname={dbname} user={user}"
    address = parse_address(text)
    assert address is not None
    return address


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world whose versions are files."""
    return World(tmp_path / "files" / "kpis.json")
