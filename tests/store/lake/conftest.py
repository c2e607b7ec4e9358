"""Fixtures of a lake: one PostgreSQL for each process of the tests, one empty database for each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpis.store.lake.address import LakeAddress, parse_address
from tests.postgres_server import FOLLOWER, LEADER, PAGE, PostgresServer
from tests.store.lake.lake_installation import LakeInstallation
from tests.store.lake.lake_templates import LakeTemplates
from tests.store.lake.lake_world import check_counts
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
def lake_database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The name of an empty database; passwords of the roles are in PGPASSFILE for this process and its children.

    After each test the rows of the lake that it has left there are counted in two ways.
    """
    name = f"lake_{uuid.uuid4().hex}"
    postgres.create_database(name)
    for variable in ("PGPASSWORD", "PGSERVICE", "PGHOSTADDR", "PGOPTIONS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(postgres.passfile))
    yield name
    try:
        if has_catalog(postgres, name):
            monkeypatch.undo()
            monkeypatch.setenv("PGPASSFILE", str(postgres.passfile))
            check_counts(_build_address(postgres, name, LEADER), tmp_path / "spill of the check")
    finally:
        postgres.drop_database(name)


def has_catalog(server: PostgresServer, name: str) -> bool:
    """Return whether a database has tables of a lake."""
    with closing(server.connect(name)) as connection:
        return connection.execute("select to_regclass('public.ducklake_table') is not null").fetchone() == (True,)


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


@pytest.fixture(scope="session")
def lake_templates(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> LakeTemplates:
    """Lakes to be copied."""
    return LakeTemplates(postgres, tmp_path_factory.mktemp("lakes"))


@pytest.fixture
def make_lake(
    lake_templates: LakeTemplates, lake_database: str, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path
) -> Callable[[int], World]:
    """Make the lake of the test with so many publications, followed into local/."""
    return lambda publications: lake_templates.make_world(
        lake_database, lake_address, lake_folder, tmp_path / "local", publications
    )


@pytest.fixture
def lake_world(make_lake: Callable[[int], World]) -> World:
    """A lake with one publication."""
    return make_lake(1)


@pytest.fixture
def installation(world: World, lake_address: LakeAddress, tmp_path: Path) -> LakeInstallation:
    """A machine that follows the lake of a module's `world`, with everything that lies beside its figures."""
    installation = LakeInstallation(lake_address, tmp_path / "local", tmp_path / "shared")
    installation.fill()
    return installation
