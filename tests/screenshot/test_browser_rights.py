"""Pictures where people sign in: of everything or of one person's view, never of more, each in the audit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from kpis.access.audit import AuditLog
from kpis.screenshot import capture
from kpis.screenshot.app_server import RunningApp, find_free_port, is_answering, start_app, stop_process
from kpis.screenshot.capture import Screenshot, take_screenshots
from tests.cli.command_runner import run_kpis
from tests.cli.conftest import Project, create_project
from tests.paths import ROOT

pytestmark = pytest.mark.browser

RIGHTS = """
address = "https://kpi.example.vn/duong-dan"

[[person]]
email = "leader@example.vn"
role = "leader"
plans = ["ha-noi"]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = create_project(tmp_path_factory.mktemp("rights"))
    assert project.run_kpis("sync").code == 0
    (project.folder / "access.toml").write_text(RIGHTS, encoding="utf-8")
    return project


@pytest.fixture
def environ(project: Project) -> dict[str, str]:
    return {"KPIS_DATABASE": str(project.database), "KPIS_SOURCES": str(project.sources)}


def read_words(app: RunningApp, folder: Path) -> str:
    with capture._open_tab(app, 1280, folder) as page:
        shot = Screenshot("overview", folder / "x.png")
        capture._open_page(page, app.address, shot, None)
        capture._wait_until_complete(page, shot, "vi", 60)
        return page.inner_text("body")


def test_everything_or_one_persons_view(environ: dict[str, str], project: Project, tmp_path: Path) -> None:
    with start_app(environ) as app:
        assert app.address.endswith("/duong-dan")
        assert "Đồng Tháp" in read_words(app, tmp_path)
        with pytest.raises(urllib.request.HTTPError, match="403"):
            urllib.request.urlopen(app.address + "/")  # noqa: S310 - our own address
    with start_app(environ, "leader@example.vn") as app:
        assert "Đồng Tháp" not in read_words(app, tmp_path)
    lines = [line for line in AuditLog(project.database).read() if line.action == "own_browser"]
    assert [line.details["scope"] for line in lines[-2:]] == ["all", "leader@example.vn"]


def test_the_command_takes_a_picture_and_its_secret_stands_nowhere(environ: dict[str, str], tmp_path: Path) -> None:
    with start_app(environ) as app:
        assert app.token
        server = find_process_of(app)
        for file in ("cmdline", "environ"):
            assert app.token.encode() not in (server / file).read_bytes()
        assert app.token not in repr(app)
        take_screenshots(app, [Screenshot("targets", tmp_path / "a.png")], width=1280, lang="vi")
    run = run_kpis("screenshot", "--page", "overview", "--out", str(tmp_path / "b.png"), environ=environ)
    assert run.code == 0, run.err
    assert (tmp_path / "b.png").exists()


def find_process_of(app: RunningApp) -> Path:
    match = re.search(r":([0-9]+)/", app.address + "/")
    assert match
    option = f"--server.port={match[1]}".encode()
    commands = [path for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.name != str(os.getpid())]
    return next(path.parent for path in commands if option in path.read_bytes())


def test_a_dashboard_that_runs_needs_a_person(environ: dict[str, str], tmp_path: Path) -> None:
    port = find_free_port()
    address = f"http://127.0.0.1:{port}/duong-dan"
    options = [f"--server.port={port}", "--server.baseUrlPath=duong-dan"]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=ROOT,
        env={**os.environ, **environ, "KPIS_WATCH": "off"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not is_answering(address):
            assert server.poll() is None
        out = tmp_path / "a.png"
        arguments = ("screenshot", "--page", "overview", "--out", str(out), "--url", address)
        assert run_kpis(*arguments, environ=environ).code == 2
        assert run_kpis(*arguments, "--as", "nobody@example.vn", environ=environ).code == 2
        assert not out.exists()
        run = run_kpis(*arguments, "--as", "leader@example.vn", environ=environ)
        assert run.code == 0, run.err
        assert out.exists()
    finally:
        stop_process(server)


def test_without_a_rights_file_nobody_can_be_meant(tmp_path: Path) -> None:
    project = create_project(tmp_path / "open")
    environ = {"KPIS_DATABASE": str(project.database), "KPIS_SOURCES": str(project.sources)}
    arguments = ("screenshot", "--page", "overview", "--out", str(tmp_path / "a.png"), "--as", "leader@example.vn")
    run = run_kpis(*arguments, environ=environ)
    assert (run.code, "--as" in run.err) == (2, True)
