"""Two machines of a lake seal editions: one at a time, each revision once, and never by one that lost its turn."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.pack.edition import claims as claims_module
from kpis.pack.edition import sealing
from kpis.pack.edition.claims import EditionClaims, FileClaims, open_claims
from kpis.pack.edition.folders import Edition
from kpis.pack.edition.sealing import EditionRequest, SealResult, seal
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.meeting.parts import EditionParts
from kpis.settings import load_settings
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.edition_claims import LakeClaims
from kpis.store.lake.shared_tables import create_shared_tables
from tests.pack.fixtures import database, make_request, pointer
from tests.paths import ROOT
from tests.postgres_server import FOLLOWER, PAGE, PostgresServer

__all__ = ["database", "make_request", "pointer"]

MakeRequest = Callable[..., EditionRequest]
SealOn = Callable[[EditionClaims], SealResult]


def _write_stub(figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: object) -> list[Path]:
    path = folder / "said.txt"
    path.write_text(f"{sealed_at} {parts.annex.footer_lines}", encoding="utf-8")
    return [path]


@pytest.fixture
def shared(lake_address: LakeAddress, page_address: LakeAddress) -> LakeAddress:
    """The address of the processes of the pages."""
    create_shared_tables(lake_address)
    return page_address


@pytest.fixture
def seal_on(
    database: Database, pointer: Path, make_request: MakeRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SealOn:
    """Seal a week of a ward in a folder that all machines have."""
    monkeypatch.setattr(sealing, "list_writers", lambda: ({"said": _write_stub}, {}))
    monkeypatch.setattr(claims_module, "_VISIBLE_SECONDS", 0.0)

    def seal_week(claims: EditionClaims, record: Callable[[Edition], None] | None = None) -> SealResult:
        return seal(database, pointer, make_request(), tmp_path / "editions", None, record, claims)

    return seal_week


def list_claims(server: PostgresServer, dbname: str) -> list[tuple[object, ...]]:
    """Return every claim: folder, revision, and whether it is sealed."""
    statement = "select folder, revision, sealed_at is not null from kpis_shared.edition_claims order by 1, 2"
    with closing(server.connect(dbname)) as connection:
        return connection.execute(statement).fetchall()


def test_two_machines_that_seal_one_week_at_once_make_one_revision(
    seal_on: SealOn, shared: LakeAddress, postgres: PostgresServer, lake_database: str
) -> None:
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(seal_on, LakeClaims(shared)) for _ in range(2)]
        first, second = (call.result() for call in calls)
    assert {first.outcome, second.outcome} == {"made", "unchanged"}
    assert first.edition.folder == second.edition.folder
    assert [path.name for path in first.edition.folder.parent.iterdir()] == ["r1"]
    assert not first.edition.list_altered_files()
    assert list_claims(postgres, lake_database) == [(first.edition.folder.parent.name, 1, True)]


def test_while_one_machine_seals_the_other_waits_for_its_turn(shared: LakeAddress) -> None:
    with LakeClaims(shared).wait_for_turn(0) as is_first:
        assert is_first
        with LakeClaims(shared).wait_for_turn(0) as is_second:
            assert not is_second
    with LakeClaims(shared).wait_for_turn(0) as is_second:
        assert is_second


def test_a_machine_that_is_killed_leaves_its_turn_and_its_revision_to_the_next(
    seal_on: SealOn, shared: LakeAddress, postgres: PostgresServer, lake_database: str
) -> None:
    folder = seal_on(LakeClaims(shared)).edition.folder.parent
    program = (
        "import sys, time; from kpis.store.lake.address import parse_address\n"
        "from kpis.store.lake.edition_claims import LakeClaims\n"
        "claims = LakeClaims(parse_address(sys.argv[1]))\n"
        "with claims.wait_for_turn(0) as is_ours:\n"
        f"    claims.claim({folder.name!r}, 2); print(is_ours, flush=True); time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, f"ducklake:postgres:{shared.conninfo}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        assert list_claims(postgres, lake_database)[1] == (folder.name, 2, False)
        process.kill()
    (folder / "r1" / "said.txt").write_text("altered", encoding="utf-8")
    sealed = seal_on(LakeClaims(shared))
    assert (sealed.outcome, sealed.edition.revision) == ("restored", 2)
    assert list_claims(postgres, lake_database)[1] == (folder.name, 2, True)


def test_a_number_that_was_sealed_on_another_machine_is_not_given_again(
    seal_on: SealOn, shared: LakeAddress, postgres: PostgresServer, lake_database: str
) -> None:
    folder = seal_on(LakeClaims(shared)).edition.folder
    folder.rename(folder.with_name("moved away"))
    assert seal_on(LakeClaims(shared)).edition.revision == 2
    claims = LakeClaims(shared)
    with claims.wait_for_turn(0), pytest.raises(StoreError, match="was sealed on another machine"):
        claims.claim(folder.parent.name, 1)


def test_the_folder_of_another_machine_is_waited_for(
    seal_on: SealOn, shared: LakeAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims_module, "_VISIBLE_SECONDS", 30.0)
    folder = seal_on(LakeClaims(shared)).edition.folder
    hidden = folder.rename(folder.parent.parent / ".hidden")

    def show() -> None:
        folder.parent.mkdir(exist_ok=True)
        hidden.rename(folder)

    timer = threading.Timer(1.0, show)
    timer.start()
    assert seal_on(LakeClaims(shared)).outcome == "unchanged"
    timer.join()


def test_who_lost_the_turn_while_sealing_seals_nothing(
    seal_on: Callable[..., SealResult],
    shared: LakeAddress,
    postgres: PostgresServer,
    lake_database: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    recorded: list[Edition] = []

    def write_and_lose(*args: object) -> list[Path]:
        with closing(postgres.connect(lake_database)) as connection:
            statement = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s"
            connection.execute(statement, [PAGE])
        return _write_stub(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sealing, "list_writers", lambda: ({"said": write_and_lose}, {}))
    with pytest.raises(StoreError, match="nothing was sealed"):
        seal_on(LakeClaims(shared), recorded.append)
    assert recorded == []
    assert list((tmp_path / "editions").glob("*/r*")) == []
    monkeypatch.setattr(sealing, "list_writers", lambda: ({"said": _write_stub}, {}))
    assert seal_on(LakeClaims(shared)).edition.revision == 1


def test_only_pages_and_the_leader_may_seal(
    shared: LakeAddress, lake_address: LakeAddress, follower_address: LakeAddress
) -> None:
    assert follower_address.parameters["user"] == FOLLOWER
    with pytest.raises(StoreError, match="permission denied"), LakeClaims(follower_address).wait_for_turn(0):
        pytest.fail("a follower seals nothing")
    with LakeClaims(lake_address).wait_for_turn(0) as is_first:
        assert is_first


def test_without_a_lake_or_in_another_folder_a_file_is_the_lock(tmp_path: Path, shared: LakeAddress) -> None:
    lake = load_settings({"KPIS_DATABASE": f"ducklake:postgres:{shared.conninfo}"})
    assert isinstance(open_claims(load_settings({}), tmp_path), FileClaims)
    assert isinstance(open_claims(lake, tmp_path), LakeClaims)
    assert isinstance(open_claims(lake, tmp_path, is_shared=False), FileClaims)
