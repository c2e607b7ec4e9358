"""A lake by the command line: made once, read into from a sources file, and shown from what follows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kpis.store.lake.address import LakeAddress
from tests.cli.command_runner import CliRun, run_kpis
from tests.cli.conftest import Project, create_project
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
