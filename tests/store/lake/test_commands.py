"""A lake by the command line: made once, read into from a sources file, and shown from what follows it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.language import clock
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import try_lead
from tests.cli.command_runner import CliRun, run_kpis
from tests.cli.conftest import VALID_ROWS, Project, create_project
from tests.paths import ROOT
from tests.postgres_server import PostgresServer


class LakeProject:
    """A project whose figures are in a lake, seen from one machine."""

    def __init__(self, project: Project, address: LakeAddress, data: Path, local: Path) -> None:
        self.project, self.data = project, data
        self.environ: Mapping[str, str] = {
            "KPIS_DATABASE": f"ducklake:postgres:{address.conninfo}",
            "KPIS_SOURCES": str(project.sources),
            "KPIS_LOCAL": str(local),
        }

    def run(self, *argv: str) -> CliRun:
        """Run a command on the lake."""
        return run_kpis(*argv, environ=self.environ)


@pytest.fixture
def lake_project(lake_address: LakeAddress, lake_folder: Path, tmp_path: Path) -> LakeProject:
    project = create_project(tmp_path / "project")
    return LakeProject(project, lake_address, lake_folder, tmp_path / "local")


def test_a_lake_is_made_read_into_and_shown_as_files_are(lake_project: LakeProject, postgres: PostgresServer) -> None:
    early = lake_project.run("sync")
    assert early.code == 3
    assert "Chưa có kho dữ liệu dùng chung tại 127.0.0.1:" in early.err
    created = lake_project.run("store", "create", "--data", str(lake_project.data))
    assert (created.code, created.err) == (0, "")
    assert created.out.startswith("Đã tạo kho dữ liệu dùng chung (còn trống) tại 127.0.0.1:")
    assert "giữ nguyên kho đó" in lake_project.run("store", "create", "--data", str(lake_project.data)).out
    runs = [created, lake_project.run("sync"), lake_project.run("doctor")]
    assert runs[1].code == 0
    assert lake_project.project.run_kpis("sync").code == 0
    for command in ("attainment", "task-status", "rejections", "warnings"):
        rows, expected = lake_project.run(command, "--json").json, lake_project.project.run_kpis(command, "--json").json
        assert rows
        assert [without_moment(row) for row in rows] == [without_moment(row) for row in expected]
    text = "".join(run.out + run.err for run in runs)
    assert [password for password in postgres.passwords.values() if password in text] == []


def without_moment(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "recorded_at"}


def start_sync(environ: Mapping[str, str], *argv: str) -> subprocess.Popen[str]:
    """Start a sync in a process of its own, as another machine would; it reports in JSON."""
    return subprocess.Popen(
        [sys.executable, "-m", "kpis", "sync", "--json", *argv],
        cwd=ROOT, env={**os.environ, **environ}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_of_two_syncs_at_once_one_says_who_leads(lake_project: LakeProject, lake_address: LakeAddress) -> None:
    lake_project.run("store", "create", "--data", str(lake_project.data))
    with try_lead(lake_address) as lock:
        assert lock is not None
        other = start_sync(lake_project.environ)
        out, err = other.communicate(timeout=120)
    assert other.returncode == 0
    assert json.loads(out) == {
        "sources": [], "running": True, "leader": {"host": socket.gethostname(), "process": os.getpid()},
    }  # fmt: skip
    assert f"tiến trình {os.getpid()} trên máy {socket.gethostname()}" in err
    first, second = start_sync(lake_project.environ), start_sync(lake_project.environ)
    results = [json.loads(process.communicate(timeout=120)[0]) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert any(result["sources"] for result in results)
    assert len(lake_project.run("attainment", "--json").json) > 0


def test_the_moment_of_a_publication_is_that_of_postgresql(
    lake_project: LakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--now` sets the day by which rows are judged, and nothing else."""
    lake_project.run("store", "create", "--data", str(lake_project.data))
    began = clock.get_utc_now()
    assert lake_project.run("sync", "--now", "2026-02-01").code == 0
    rejected = lake_project.run("rejections", "--json").json
    assert {row["code"] for row in rejected} >= {"date_future"}
    moments = read_moments(lake_project)
    lake_project.project.write_workbook(VALID_ROWS)
    wrong = clock.get_utc_now() + timedelta(minutes=10)
    with monkeypatch.context() as patch:
        patch.setattr("kpis.store.lake.lake_store.clock.get_utc_now", lambda: wrong)
        refused = lake_project.run("sync")
        assert (refused.code, "--yes-clock" in refused.err) == (3, True)
        assert lake_project.run("sync", "--yes-clock").code == 0
    moments += read_moments(lake_project)
    assert began - timedelta(minutes=2) < moments[0] < moments[1] < clock.get_utc_now() + timedelta(minutes=2)


def read_moments(lake_project: LakeProject) -> list[datetime]:
    database = Database.open(Path(lake_project.environ["KPIS_LOCAL"]) / "kpis.json")
    assert database is not None
    with closing(database):
        return [datetime.fromisoformat(database.meta["recorded_at"])]


def test_a_plan_is_untracked_in_a_lake(lake_project: LakeProject) -> None:
    lake_project.run("store", "create", "--data", str(lake_project.data))
    assert lake_project.run("sync").code == 0
    other = '[[source]]\nid = "other"\nplan = "ha-noi"\nworkbook = "none.xlsx"\n'
    lake_project.project.sources.write_text(other, encoding="utf-8")
    lake_project.run("sync")
    ended = lake_project.run("plan", "untrack", "dong-thap")
    assert (ended.code, ended.err) == (0, "")
    assert {row["plan"] for row in lake_project.run("attainment", "--json").json} == {"ha-noi"}


def test_what_was_brought_over_from_a_lake_is_no_database_to_publish_into(lake_project: LakeProject) -> None:
    assert lake_project.run("store", "create", "--data", str(lake_project.data)).code == 0
    assert lake_project.run("sync").code == 0
    pointer = Path(lake_project.environ["KPIS_LOCAL"]) / "kpis.json"
    brought = {path.name: path.read_bytes() for path in pointer.parent.iterdir() if path.suffix in (".json", ".duckdb")}
    lake_project.project.write_workbook(VALID_ROWS[:-1])
    environ = {"KPIS_DATABASE": str(pointer), "KPIS_SOURCES": lake_project.environ["KPIS_SOURCES"]}
    run = run_kpis("sync", environ=environ)
    assert run.code == 3 and "KPIS_DATABASE" in run.err
    assert {name: (pointer.parent / name).read_bytes() for name in brought} == brought
