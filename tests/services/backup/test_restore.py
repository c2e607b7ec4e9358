"""A restore takes a number never seen, ends all sessions, keeps what it replaces, and survives a kill at any step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.errors import AuditError
from kpis.errors import StoreError
from kpis.language import clock
from kpis.services.backup.placing import find_restored, finish_restore
from kpis.services.backup.restoring import restore_backup
from kpis.services.backup.writing import write_backup
from kpis.store.database import Database
from kpis.store.versions import find_current_version
from kpis.ui.frame.watcher_notice import list_watcher_notices
from tests.cli.command_runner import run_kpis
from tests.cli.conftest import create_project
from tests.paths import ROOT
from tests.services.backup.conftest import LIMITS, NOW, RIGHTS, Installation, copy_installation
from tests.services.backup.test_backup import read_tree


@pytest.fixture
def backup(installation: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "a.kpis"
    write_backup(installation.settings, installation.environ, file, NOW)
    return file


def restore(installation: Installation, file: Path, now: datetime | None = None) -> int:
    return restore_backup(installation.settings, installation.environ, file, now or NOW + timedelta(hours=1)).number


def count_entries(pointer: Path) -> int:
    database = Database.open(pointer)
    assert database is not None
    try:
        return int(str(database.fetch_rows("select count(*) as n from entries")[0]["n"]))
    finally:
        database.close()


def test_everything_comes_back_under_a_new_number(installation: Installation, backup: Path) -> None:
    folder, pointer = installation.project.folder, installation.project.database
    entries, text = count_entries(pointer), (folder / "sources.toml").read_text(encoding="utf-8")
    (folder / "sources.toml").write_text(text + "\n# later\n", encoding="utf-8")
    (folder / "register" / "drafts" / "x" / "proposal.json").unlink()
    (folder / "var" / "kpis-editions" / "2026-W48-all").mkdir()
    (folder / "access.toml").write_text(RIGHTS.replace("leader@", "other@"), encoding="utf-8")
    installation.state.store.unbind("leader@example.vn")
    for cache in ("files", "google"):
        (folder / "var" / f"kpis-{cache}.json").write_text("{}", encoding="utf-8")

    assert restore(installation, backup) == 2
    assert find_current_version(pointer) == 2
    assert count_entries(pointer) == entries
    assert (folder / "sources.toml").read_text(encoding="utf-8") == text
    assert (folder / "sources.toml.before-2").read_text(encoding="utf-8").endswith("# later\n")
    assert (folder / "register" / "drafts" / "x" / "proposal.json").exists()
    assert (folder / "var" / "kpis-editions.before-2" / "2026-W48-all").is_dir()
    assert (folder / "access.toml").read_text(encoding="utf-8") == RIGHTS
    assert installation.state.store.is_bound("leader@example.vn")
    assert not list(folder.rglob("*restoring*")) and not (folder / "var" / "kpis-files.json").exists()
    assert [line.action for line in installation.state.audit.read()] == ["sign_in", "restore"]
    assert installation.state.audit.list_faults() == []


def test_a_database_of_which_no_version_opens_is_replaced(installation: Installation, backup: Path) -> None:
    pointer = installation.project.database
    entries = count_entries(pointer)
    (pointer.parent / "kpis-1.duckdb").write_bytes(b"not a database")
    with pytest.raises(StoreError, match="No version of the database"):
        Database.open(pointer)
    restore(installation, backup)
    assert count_entries(pointer) == entries


def test_the_ledger_of_requests_comes_back_unless_that_of_now_goes_on(
    installation: Installation, tmp_path: Path
) -> None:
    """Questions that were asked since stand in sheets; their ids must not be given a second time."""
    ledger, file = installation.project.folder / "var" / "kpis-requests.jsonl", tmp_path / "b.kpis"
    ledger.write_bytes(b'{"event":"asked"}\n')
    write_backup(installation.settings, installation.environ, file, NOW)
    ledger.write_bytes(b'{"event":"asked"}\n{"event":"extended"}\n')
    restore(installation, file)
    assert ledger.read_bytes() == b'{"event":"asked"}\n{"event":"extended"}\n'
    ledger.write_bytes(b"damaged")
    number = restore(installation, file, NOW + timedelta(hours=2))
    assert ledger.read_bytes() == b'{"event":"asked"}\n'
    assert ledger.with_name(f"{ledger.name}.before-{number}").read_bytes() == b"damaged"
    ledger.unlink()
    restore(installation, file, NOW + timedelta(hours=3))
    assert ledger.read_bytes() == b'{"event":"asked"}\n'


def test_sessions_and_invitations_end(installation: Installation, backup: Path) -> None:
    store, now = installation.state.store, NOW
    token = store.open_session("leader@example.vn", "provider", LIMITS, now)
    invitation = store.create_invitation("leader@example.vn", now)
    sign_in = store.start_sign_in({"next": "/"}, now)
    restore(installation, backup)
    assert store.find_session(token, now) is None
    assert store.find_invited(invitation, now) is None
    assert store.take_sign_in(sign_in or "", now) is None


@pytest.mark.parametrize("gone", ["nothing", "versions", "pointer", "all"])
def test_no_number_is_used_twice(installation: Installation, backup: Path, gone: str) -> None:
    pointer = installation.project.database
    var = pointer.parent
    journal = var / "kpis-journal.jsonl"
    with journal.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": "2026-11-28T00:00:00", "version": 41, "sources": []}) + "\n")
    for path in list(var.glob("kpis*")):
        kinds = {"all": path.is_file(), "versions": path.suffix == ".duckdb", "pointer": path == pointer}
        if kinds.get(gone):
            path.unlink()
    number = restore(installation, backup)
    assert number > 41 if gone != "all" else number > 1_000_000
    assert restore(installation, backup) > number


def test_a_fresh_machine_gets_rights_and_audit_too(backup: Path, tmp_path: Path) -> None:
    other = Installation(create_project(tmp_path / "fresh"))
    restore(other, backup)
    assert count_entries(other.project.database) > 0
    assert (other.project.folder / "access.toml").read_text(encoding="utf-8") == RIGHTS
    assert (other.project.folder / "var" / "kpis-access-enforced").exists()
    assert [line.action for line in other.state.audit.read()] == ["sign_in", "restore"]
    assert other.state.audit.list_faults() == []


def test_a_backup_without_rights_does_not_end_those_of_now(filled_folder: Path, tmp_path: Path) -> None:
    lenient = copy_installation(filled_folder, tmp_path / "open")
    for path in (lenient.project.folder / "access.toml", lenient.project.database.with_name("kpis-access-enforced")):
        path.unlink()
    file = tmp_path / "open.kpis"
    write_backup(lenient.settings, lenient.environ, file, NOW)
    strict = copy_installation(filled_folder, tmp_path / "strict")
    restore(strict, file)
    assert strict.project.database.with_name("kpis-access-enforced").exists()
    assert (strict.project.folder / "access.toml").read_text(encoding="utf-8") == RIGHTS


def test_without_an_audit_nothing_is_restored(
    installation: Installation, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("full")

    original = read_tree(installation.project.folder)
    monkeypatch.setattr("kpis.access.audit.AuditLog._write", fail)
    with pytest.raises(AuditError):
        restore(installation, backup)
    assert read_tree(installation.project.folder) == original


def test_every_page_says_so_until_the_sheets_are_read(installation: Installation, backup: Path) -> None:
    pointer = installation.project.database
    assert list_watcher_notices(pointer, "vi") == []
    now = clock.get_utc_now()
    restore(installation, backup, now)
    restored = find_restored(pointer)
    assert restored is not None and restored.backup_at == NOW
    notices = list_watcher_notices(pointer, "vi")
    assert len(notices) == 1 and "10:00 29/11/2026" in notices[0]
    run = run_kpis("sync", environ=installation.environ, now=now + timedelta(seconds=1))
    assert run.code in (0, 1), run.err
    os.utime(pointer.with_name("kpis-journal.jsonl"), times=(now.timestamp() + 10**5, now.timestamp() + 10**5))
    assert list_watcher_notices(pointer, "vi") == []


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from kpis.services.backup.restoring import restore_backup
from kpis.settings import load_settings
folder, file, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
count = 0
def look(event, arguments):
    global count
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if not writes and event not in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}:
        return
    if not str(arguments[0]).startswith(str(folder)):
        return
    count += 1
    if count == last:
        os._exit(9)
environ = {"KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_DATABASE": str(folder / "var" / "kpis.json")}
settings = load_settings(environ)
sys.addaudithook(look)
restore_backup(settings, environ, file, datetime(2026, 11, 30))
print(count)
"""


def run_killed(installation: Installation, file: Path, step: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(installation.project.folder), str(file), str(step)]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)


def list_facts(installation: Installation) -> dict[str, bytes]:
    """Return what decides what is shown and who may see it."""
    left_out = (".before-", "audit", "restoring", "-restored", "-files", "-google")
    return {
        name: data
        for name, data in read_tree(installation.project.folder).items()
        if not any(k in name for k in left_out)
    }


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_it_as_it_was_or_restored(
    installation: Installation, backup: Path, tmp_path: Path
) -> None:
    folder = installation.project.folder
    text = (folder / "sources.toml").read_text(encoding="utf-8")
    (folder / "sources.toml").write_text(text + "\n# later\n", encoding="utf-8")
    (folder / "register" / "drafts" / "x" / "proposal.json").write_text("later", encoding="utf-8")
    original = list_facts(installation)
    restored_copy = copy_installation(folder, tmp_path / "whole")
    run = run_killed(restored_copy, backup, -1)
    assert run.returncode == 0, run.stderr
    after, steps, outcomes = list_facts(restored_copy), int(run.stdout), []
    assert original != after and steps > 40
    for step in range(1, steps + 1, max(1, steps // 30)):
        killed = copy_installation(folder, tmp_path / f"killed-{step}")
        assert run_killed(killed, backup, step).returncode == 9
        is_shown = find_current_version(killed.project.database)
        assert is_shown in (1, 2)
        was_certain = finish_restore(killed.settings, killed.environ)
        assert not list(killed.project.folder.rglob("*restoring*"))
        facts = list_facts(killed)
        assert facts == (after if was_certain or is_shown == 2 else original), step
        outcomes.append(facts == after)
        assert restore(killed, backup) > 1, "and it can be done again"
    assert outcomes == sorted(outcomes) and len(set(outcomes)) == 2
