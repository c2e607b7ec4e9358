"""`doctor` says whether a dashboard runs: its release, open files, watcher with its last look, sessions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kpis.access.enforcement import AccessPaths, AccessState
from kpis.access.rights import SessionLimits
from kpis.errors import UsageError
from kpis.services.server_state import ServerState, publish_server_state
from kpis.services.watcher_status import WatcherStatus
from kpis.store.product_version import get_product_version
from tests.cli.command_runner import NOW
from tests.cli.conftest import Project

RUNNING = WatcherStatus("running", timedelta(minutes=5))
STATE = ServerState(4711, get_product_version(), NOW - timedelta(hours=3), NOW, RUNNING, 120, 20_000, 7)


def ask_doctor(project: Project, state: ServerState | None) -> dict[str, list[tuple[str, str]]]:
    """Return check -> (verdict, message) of the server's checks while a server says this of itself."""
    project.database.parent.mkdir(exist_ok=True)
    if state is not None:
        publish_server_state(project.database, state)
    rows = project.run_kpis("doctor", "--json", "--lang", "en").json
    return {
        subject: [(row["verdict"], row["message"]) for row in rows if row["check"] == subject]
        for subject in ("server", "watcher")
    }


@pytest.fixture(autouse=True)
def _forget(project: Project) -> object:
    yield
    publish_server_state(project.database, None)


def test_without_a_server_there_is_a_note(project: Project) -> None:
    project.run_kpis("sync")
    assert ask_doctor(project, None) == {"server": [("note", "no dashboard runs with this database")], "watcher": []}


def test_a_server_that_went_silent_is_named_with_its_moment(project: Project) -> None:
    silent = replace(STATE, written_at=NOW - timedelta(seconds=90))
    [(verdict, text)] = ask_doctor(project, silent)["server"]
    assert verdict == "note" and "ended by force or hangs since" in text


def test_a_server_that_runs_is_described(project: Project) -> None:
    project.run_kpis("sync")
    checks = ask_doctor(project, STATE)
    assert [verdict for verdict, _ in checks["server"]] == ["well", "well"]
    assert get_product_version() in checks["server"][0][1]
    assert checks["server"][1][1] == "7 pages and 120 files open (limit 20000)"
    [(verdict, text)] = checks["watcher"]
    assert verdict == "well" and text.startswith("alive, every 5 minutes; last look ") and "2026" in text


@pytest.mark.parametrize(
    ("status", "verdict", "part"),
    [
        (WatcherStatus(), "note", "off (KPIS_WATCH); last look"),
        (replace(RUNNING, phase="ended", ended_at=NOW + timedelta(minutes=1)), "mend", "is started again"),
        (WatcherStatus("refused", error=UsageError("KPIS_WATCH is wrong")), "mend", "KPIS_WATCH is wrong"),
        (replace(RUNNING, interval=-timedelta(minutes=5)), "mend", "hangs"),
    ],
)
def test_the_watcher_is_alive_off_or_dead(project: Project, status: WatcherStatus, verdict: str, part: str) -> None:
    project.run_kpis("sync")
    [(found_verdict, text)] = ask_doctor(project, replace(STATE, watcher=status))["watcher"]
    assert found_verdict == verdict and part in text


def test_an_older_release_and_few_open_files_left_are_to_fix(project: Project) -> None:
    checks = ask_doctor(project, replace(STATE, release="0.0.9", open_files=901, file_limit=1_000))["server"]
    assert [verdict for verdict, _ in checks] == ["mend", "mend"]
    assert "0.0.9" in checks[0][1] and "901 of 1000" in checks[1][1]


def test_sessions_are_counted_with_their_people(project: Project) -> None:
    paths = AccessPaths(project.folder / "access.toml", project.database)
    paths.rights_file.write_text(
        'address = "https://kpi.example.vn"\n[[person]]\nemail = "a@x.vn"\nrole = "administrator"\n', encoding="utf-8"
    )
    store, limits = AccessState(paths, {}).store, SessionLimits(timedelta(hours=1), timedelta(hours=2))
    for email, begun in (("a@x.vn", NOW), ("a@x.vn", NOW), ("b@x.vn", NOW), ("c@x.vn", NOW - timedelta(hours=1))):
        store.open_session(email, "provider", limits, begun)
    assert ("well", "3 sessions of 2 people signed in") in ask_doctor(project, STATE)["server"]


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"process": 1}', json.dumps({"watcher": 1}), "null", "[" * 100_000])
def test_a_damaged_file_counts_as_no_server(project: Project, damage: str) -> None:
    project.database.parent.mkdir(exist_ok=True)
    Path(project.database.parent, "kpis-server.json").write_text(damage, encoding="utf-8")
    assert ask_doctor(project, None)["server"] == [("note", "no dashboard runs with this database")]
