"""Two machines of a lake with one folder: editions, audit and rights are one; one that is gone is told in words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.audit import AuditLog
from kpis.access.enforcement import end_enforcement, get_access_paths, is_enforced
from kpis.access.errors import AuditError
from kpis.access.recording import record_action
from kpis.cli.lake_checks import check_lake
from kpis.errors import StoreError, UsageError
from kpis.pack.edition import claims as claims_module
from kpis.pack.edition import sealing
from kpis.pack.edition.claims import open_claims
from kpis.pack.edition.folders import get_default_folder
from kpis.pack.edition.sealing import SealResult, seal
from kpis.services.health import check_health
from kpis.services.lake_following import LakeFollower
from kpis.services.watcher_status import WatcherStatus
from kpis.settings import Settings, load_settings
from kpis.store import shared_files
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.shared_folder import join_shared_folder
from kpis.store.lake.shared_tables import create_shared_tables
from kpis.store.opening import find_lake
from kpis.store.shared_files import MARK, find_files
from kpis.ui.audit.content import load_audit
from tests.pack.fixtures import database, make_request, pointer
from tests.store.lake.test_edition_claims import MakeRequest, _write_stub

__all__ = ["database", "make_request", "pointer"]

NOW = datetime.fromisoformat("2026-11-29T08:00:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shared folder, empty as an administrator makes it."""
    path = tmp_path / "shared"
    path.mkdir()
    return path


@pytest.fixture
def replicas(lake_address: LakeAddress, page_address: LakeAddress, folder: Path, tmp_path: Path) -> list[Settings]:
    """The settings of two machines; the first has made the tables and joined the folder."""
    create_shared_tables(lake_address)
    machines = [
        load_settings(
            {
                "KPIS_DATABASE": f"ducklake:postgres:{page_address.conninfo}",
                "KPIS_LOCAL": str(tmp_path / name),
                "KPIS_SHARED": str(folder),
            }
        )
        for name in ("one", "two")
    ]
    for machine in machines:
        join_shared_folder(lake_address, find_files(machine))
    return machines


@contextmanager
def unmounted(folder: Path) -> Iterator[None]:
    """Leave an empty folder in its place, as an unmounted one is."""
    away = folder.rename(folder.with_name("away"))
    folder.mkdir()
    yield
    shutil.rmtree(folder)
    away.rename(folder)


def test_two_machines_seal_one_week_at_once_into_one_folder(
    replicas: list[Settings],
    folder: Path,
    database: Database,
    pointer: Path,
    make_request: MakeRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "list_writers", lambda: ({"said": _write_stub}, {}))
    monkeypatch.setattr(claims_module, "_VISIBLE_SECONDS", 0.0)

    def seal_on(machine: Settings) -> SealResult:
        out = get_default_folder(machine.pointer, machine.shared)
        return seal(database, pointer, make_request(), out, claims=open_claims(machine, out))

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(seal_on, replicas))
    assert {result.outcome for result in results} == {"made", "unchanged"}
    first, second = (result.edition for result in results)
    assert first == second
    assert first.folder.parent.parent == folder / "editions"
    assert [path.name for path in first.folder.parent.iterdir()] == ["r1"]
    assert not first.list_altered_files()
    with unmounted(folder):
        for machine in replicas:
            with pytest.raises(StoreError, match="not mounted"):
                seal_on(machine)
        assert list(folder.iterdir()) == []


def test_lines_of_two_machines_are_one_audit_with_a_chain_for_each(replicas: list[Settings], folder: Path) -> None:
    (folder / "access-enforced").touch()
    for number in range(6):
        moment = NOW + timedelta(days=number)
        record_action(replicas[number % 2], "seal", f"{number}@x.vn", moment)
    for machine in replicas:
        content = load_audit(find_files(machine))
        assert [line.person for line in content.lines] == [f"{number}@x.vn" for number in reversed(range(6))]
        assert content.faults == ()
    months = sorted(path.name for path in (folder / "audit").iterdir())
    assert len(months) == 4, "two machines, two months, and no lock that several machines would have to trust"
    broken = folder / "audit" / months[-1]
    broken.write_bytes(b"".join(broken.read_bytes().splitlines(keepends=True)[1:]))
    assert load_audit(find_files(replicas[0])).faults == (f"{broken.name}:1",)


def test_rights_that_one_machine_enforces_or_ends_hold_for_the_other(replicas: list[Settings], folder: Path) -> None:
    first, second = (get_access_paths(machine) for machine in replicas)
    assert not is_enforced(second)
    first.rights_file.parent.mkdir(parents=True)
    first.rights_file.touch()
    assert first.rights_file == folder / "config" / "access.toml"
    assert is_enforced(first)
    first.rights_file.unlink()
    assert is_enforced(second)
    end_enforcement(second)
    assert not is_enforced(first)
    with unmounted(folder):
        assert is_enforced(first), "nobody can know, so nobody is let in"


def test_a_folder_that_is_gone_takes_no_line_and_shows_no_empty_audit(replicas: list[Settings], folder: Path) -> None:
    files = find_files(replicas[0])
    log = AuditLog(files.pointer, files.shared)
    with unmounted(folder):
        with pytest.raises(AuditError, match=r"was not done.*not mounted"):
            log.append("seal", "a@x.vn", NOW)
        with pytest.raises(StoreError, match="not mounted"):
            load_audit(files)
        assert list(folder.iterdir()) == []
    log.append("seal", "a@x.vn", NOW)
    assert len(load_audit(files).lines) == 1


def test_a_machine_with_another_folder_or_none_is_told_so(
    replicas: list[Settings], folder: Path, lake_address: LakeAddress, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    wrong = replace(replicas[1], shared=other)
    with pytest.raises(StoreError, match="not mounted"):
        join_shared_folder(lake_address, find_files(wrong))
    (other / MARK).write_text("0" * 32, encoding="utf-8")
    with pytest.raises(StoreError, match="of another lake"):
        join_shared_folder(lake_address, find_files(wrong))
    with pytest.raises(StoreError, match="of another lake"):
        find_files(wrong).require()
    with pytest.raises(StoreError, match="KPIS_SHARED names none"):
        find_files(replace(wrong, shared=None)).require()
    assert (folder / MARK).read_text() != "0" * 32


def test_doctor_and_health_name_a_folder_that_is_full_read_only_or_gone(
    replicas: list[Settings], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = replicas[0]
    lake = find_lake(machine)
    assert lake is not None
    follower = LakeFollower(lake, find_files(machine), "en")

    def tell() -> tuple[str, str, bool]:
        for _ in range(2):  # the folder is looked at after every second question
            follower.ask()
        (check,) = [check for check in check_lake(machine, NOW, "en") if check.subject == "shared folder"]
        health = check_health({}, WatcherStatus(), NOW, machine)
        return check.status, str(check.values.get("reason", "")), "shared" in health.problems

    assert tell() == ("well", "", False)
    with unmounted(folder):
        status, reason, is_problem = tell()
        assert (status, is_problem) == ("mend", True)
        assert "not mounted" in reason
    with monkeypatch.context() as patch:
        patch.setattr(shared_files, "MIN_FREE_BYTES", 1 << 60)
        status, reason, is_problem = tell()
        assert (status, is_problem) == ("mend", True)
        assert "disk is full" in reason

    def refuse(path: Path, data: bytes) -> None:
        raise OSError(30, "Read-only file system", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(shared_files, "_probe", refuse)
        status, reason, is_problem = tell()
        assert (status, is_problem) == ("mend", True)
        assert "cannot be read or written" in reason
    assert tell() == ("well", "", False)
    follower.close()


def test_a_shared_folder_needs_a_lake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="KPIS_SHARED is for the machines of a lake"):
        load_settings({"KPIS_SHARED": str(tmp_path)})
