"""A lake whose catalog was restored is neither led nor followed by who saw more, until it is adopted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress, parse_address
from kpis.store.lake.adopting import adopt_lake
from kpis.store.lake.configuration_record import claim_configuration, fetch_configuration
from kpis.store.lake.follower import follow
from kpis.store.lake.inspecting import check_lake_content
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.postgres_session import open_session
from kpis.store.replica import ReplicaSight
from kpis.store.versions import find_current_version
from tests.paths import ROOT
from tests.postgres_server import PAGE, PostgresServer
from tests.store.lake.lake_world import change, follow_from_nothing, make_lake_world, read_tables
from tests.sync.conftest import World


@pytest.fixture
def restored(
    lake_world: World, lake_address: LakeAddress, postgres: PostgresServer, lake_database: str, tmp_path: Path
) -> Iterator[LakeAddress]:
    """The lake as of its first publication; two more were followed into local/, and one of them into other/."""
    early = postgres.copy_database(lake_database)
    (tmp_path / "other").mkdir()
    for step in (1, 2):
        change(lake_world, step)
        lake_world.sync()
        if step == 1:
            follow(lake_address, tmp_path / "other" / "kpis.json")
    address = parse_address(f"ducklake:postgres:{lake_address.conninfo.replace(lake_database, early)}")
    assert address is not None
    lake_world.store = LakeStore(address, lake_world.pointer)
    yield address
    postgres.drop_database(early)


def test_who_saw_more_neither_leads_nor_follows(lake_world: World, restored: LakeAddress, tmp_path: Path) -> None:
    expected = read_tables(lake_world.pointer)
    change(lake_world, 3)
    with pytest.raises(StoreError, match="store adopt"):
        lake_world.sync()
    with pytest.raises(StoreError, match="store adopt"):
        follow(restored, tmp_path / "other" / "kpis.json")
    assert read_tables(lake_world.pointer) == expected
    assert find_current_version(tmp_path / "other" / "kpis.json") == 2
    with pytest.raises(StoreError, match="store adopt"):
        list(check_lake_content(restored, lake_world.pointer))


def test_after_it_was_adopted_everybody_goes_over(
    lake_world: World, restored: LakeAddress, postgres: PostgresServer, tmp_path: Path
) -> None:
    """Who leads, who saw less, and who comes later hold the same, and it goes on."""
    with closing(postgres.connect(restored.parameters["dbname"])) as leader:  # the dump is of an earlier release
        leader.execute("drop table kpis_shared.configuration")
        leader.execute("delete from kpis_shared.counters where kind = 'tables'")
    assert adopt_lake(restored, lake_world.pointer) == 4
    expected = read_tables(lake_world.pointer)
    assert len(expected["entries"]) == 10
    other = tmp_path / "other" / "kpis.json"
    assert follow(restored, other) == 4
    assert read_tables(other) == expected
    change(lake_world, 3)
    assert lake_world.sync().version == 5
    assert follow(restored, other) == 5
    assert read_tables(other) == read_tables(lake_world.pointer) == follow_from_nothing(restored, tmp_path / "new")


DUMP_OPTIONS = ["--format=custom"]
RESTORE_OPTIONS = ["--clean", "--if-exists", "--create", "--exit-on-error"]


def find_options(guide: str, program: str) -> list[str]:
    """Return the options that a guide gives to a program, without files and databases."""
    (line,) = [line for line in guide.splitlines() if f"{program} --" in line]
    options = re.findall(r"--[\w-]+(?:=\S+)?", line.partition(program)[2])
    return [option for option in options if not option.startswith(("--file", "--dbname"))]


@pytest.mark.parametrize("guide", ["running-for-the-nation.md", "cho-ca-nuoc.md"])
def test_the_guides_say_the_same_of_a_backup(guide: str) -> None:
    text = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    assert text.index("pg_dump") < text.index("rsync -a /srv/kpis-shared/"), "the catalog first, then its files"
    assert find_options(text, "pg_dump") == DUMP_OPTIONS
    assert find_options(text, "pg_restore") == RESTORE_OPTIONS


def test_the_procedure_of_the_guides_restores_figures_and_rights(
    lake_world: World, lake_address: LakeAddress, postgres: PostgresServer, lake_database: str, tmp_path: Path
) -> None:
    dump = tmp_path / "catalog.dump"
    postgres.run_program("pg_dump", *DUMP_OPTIONS, f"--file={dump}", lake_database)
    expected = read_tables(lake_world.pointer, with_version=False)
    change(lake_world, 1)
    lake_world.sync()
    postgres.run_program("pg_restore", *RESTORE_OPTIONS, "--dbname=postgres", str(dump))
    assert adopt_lake(lake_address, lake_world.pointer) == 3
    assert read_tables(lake_world.pointer, with_version=False)["entries"] == expected["entries"]
    with closing(postgres.connect(lake_database, PAGE)) as page:
        assert page.execute("select count(*) from kpis_shared.orders").fetchone() == (0,)
        for statement in (
            "select pg_try_advisory_lock(1)",
            "delete from kpis_shared.orders",
            "select * from public.ducklake_table",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                page.execute(statement)
    change(lake_world, 2)
    assert lake_world.sync().version == 4


def test_it_goes_above_what_other_machines_report(restored: LakeAddress, lake_world: World, tmp_path: Path) -> None:
    """Adopted where less was seen, without the right number: who saw more stays as it is."""
    other = tmp_path / "other" / "kpis.json"
    expected = read_tables(lake_world.pointer)
    assert adopt_lake(restored, other) == 3
    with pytest.raises(StoreError, match="store adopt"):
        follow(restored, lake_world.pointer)
    assert read_tables(lake_world.pointer) == expected
    assert adopt_lake(restored, other, above=7) == 8
    assert follow(restored, lake_world.pointer) == 8
    assert read_tables(lake_world.pointer) == read_tables(other)


def test_a_second_restore_to_before_the_adoption_is_noticed(
    lake_world: World, restored: LakeAddress, postgres: PostgresServer
) -> None:
    """Its epoch is the first one again, whatever its number."""
    copied = postgres.copy_database(restored.parameters["dbname"])
    address = parse_address(f"ducklake:postgres:{restored.conninfo.replace(restored.parameters['dbname'], copied)}")
    assert address is not None
    try:
        adopt_lake(restored, lake_world.pointer)
        with pytest.raises(StoreError, match="store adopt"):
            follow(address, lake_world.pointer)
        number = adopt_lake(address, lake_world.pointer)
        assert number == 5
        assert find_current_version(lake_world.pointer) == 5
    finally:
        postgres.drop_database(copied)


def test_a_damaged_local_version_does_not_lead_back(lake_world: World, restored: LakeAddress) -> None:
    for path in lake_world.pointer.parent.glob("kpis-*.duckdb"):
        path.write_bytes(b"damaged")
    with pytest.raises(StoreError, match="store adopt"):
        follow(restored, lake_world.pointer)
    with open_session(restored, name="kpis", silence_seconds=20) as session:
        claim_configuration(session, ReplicaSight("99.0", None))
    assert adopt_lake(restored, lake_world.pointer) == 4
    assert fetch_configuration(restored) is None, "also to go back to an earlier release is a person's decision"


def test_only_one_adopts(lake_world: World, restored: LakeAddress) -> None:
    store = LakeStore(restored, lake_world.pointer)
    with store.try_lock(), pytest.raises(StoreError, match="under way"):
        adopt_lake(restored, lake_world.pointer)


def test_a_lake_without_figures_is_not_adopted(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> None:
    world = make_lake_world(lake_address, lake_folder, tmp_path / "local")
    with pytest.raises(StoreError, match="no figures"):
        adopt_lake(lake_address, world.pointer)
    with closing(LakeStore(lake_address, world.pointer)._open()) as lake:
        assert lake.version == 0
