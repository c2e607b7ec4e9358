"""Pictures of the real app: full pages, one browser, no process left running, no partial output."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route

from kpis.screenshot import capture
from kpis.screenshot.app_server import RunningApp, find_running_app, start_app
from kpis.screenshot.capture import Screenshot, take_screenshots
from kpis.screenshot.errors import ScreenshotError
from kpis.screenshot.page_snapshot import PageSnapshot
from tests.cli.command_runner import run_kpis
from tests.cli.conftest import create_project
from tests.paths import ROOT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = create_project(tmp_path_factory.mktemp("shots"))
    assert project.run_kpis("sync").code == 0
    return project.database


def test_full_pages_are_taken_and_the_app_ends(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    run = run_kpis(
        "screenshot",
        *("--page", "overview,targets", "--as-of", "2026-11-20", "--width", "1280", "--out", str(out)),
        environ={"KPIS_DATABASE": str(database)},
    )
    assert run.code == 0, run.err
    assert run.out.split() == [str(out / "overview.png"), str(out / "targets.png")]
    with Image.open(out / "overview.png") as overview, Image.open(out / "targets.png") as targets:
        assert (overview.width, targets.width) == (1280, 1280)
        assert targets.height > 900  # more than one window


def test_no_file_is_written_if_one_page_is_incomplete(database: Path, tmp_path: Path) -> None:
    shots = [
        Screenshot("overview", tmp_path / "good.png"),
        Screenshot("targets", tmp_path / "bad.png", {"as_of": "1999-01-01"}),
    ]
    with (
        start_app({"KPIS_DATABASE": str(database)}) as app,
        pytest.raises(ScreenshotError, match="1999-01-01"),
    ):
        take_screenshots(app, shots, width=1280, lang="en", timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_a_page_with_placeholders_for_buttons_is_complete(database: Path, tmp_path: Path) -> None:
    shot = Screenshot("province", tmp_path / "province.png", {"plan": "dong-thap"})
    with start_app({"KPIS_DATABASE": str(database)}) as app:
        take_screenshots(app, [shot], width=1280, lang="en", timeout=30)
    assert shot.out.exists()


def _route_select_boxes(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Route], object]) -> list[int]:
    """Answer requests for the script of select boxes; returns the pending widgets of each snapshot."""
    pending: list[int] = []
    open_tab, parse = capture._open_tab, PageSnapshot.parse

    @contextmanager
    def open_routed_tab(app: RunningApp, width: int, folder: Path) -> Iterator[Page]:
        with open_tab(app, width, folder) as page:
            page.route("**/Selectbox.*", answer)
            yield page

    def record_snapshot(answer: Mapping[str, object]) -> PageSnapshot:
        pending.append(int(str(answer["waiting"])))
        return parse(answer)

    monkeypatch.setattr(capture, "_open_tab", open_routed_tab)
    monkeypatch.setattr(PageSnapshot, "parse", record_snapshot)
    return pending


def _answer_late(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(2500)
    route.continue_()


def test_a_picture_waits_for_a_select_box_that_loads_late(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shot = Screenshot("pack", tmp_path / "pack.png")
    with start_app({"KPIS_DATABASE": str(database)}) as app:
        take_screenshots(app, [shot], width=1280, lang="en")
        picture = shot.out.read_bytes()
        pending = _route_select_boxes(monkeypatch, _answer_late)
        take_screenshots(app, [shot], width=1280, lang="en")
    assert max(pending) == 1, "the box of weeks; the only plan is no choice"
    assert pending[-1] == 0
    assert shot.out.read_bytes() == picture


@pytest.mark.parametrize(
    ("answer", "problem"),
    [(lambda _route: None, "of its parts are not drawn yet"), (lambda route: route.abort(), "an error")],
    ids=["never", "refused"],
)
def test_without_select_boxes_no_picture_is_written(
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[Route], object],
    problem: str,
) -> None:
    _route_select_boxes(monkeypatch, answer)
    with (
        start_app({"KPIS_DATABASE": str(database)}) as app,
        pytest.raises(ScreenshotError, match=problem),
    ):
        take_screenshots(app, [Screenshot("pack", tmp_path / "pack.png")], width=1280, lang="en", timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_only_the_app_is_requested_not_even_other_servers_on_this_machine(tmp_path: Path) -> None:
    requested: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(f"{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Log nothing."""

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as ours,
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as other,
    ):
        for server in (ours, other):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        mine, elsewhere = (f"127.0.0.1:{server.server_port}" for server in (ours, other))
        with capture._open_tab(RunningApp(f"http://{mine}"), 800, tmp_path) as page:
            page.goto(f"http://{mine}/page")
            fetch_script = "address => fetch(address).then(() => true, () => false)"
            assert page.evaluate(fetch_script, f"http://{mine}/own")
            assert not page.evaluate(fetch_script, f"http://{elsewhere}/elsewhere")
            assert not page.evaluate(fetch_script, f"http://localhost:{other.server_port}/elsewhere")
            assert not page.evaluate(fetch_script, "http://example.invalid/elsewhere")
        for server in (ours, other):
            server.shutdown()
    assert f"{mine}/own" in requested
    assert not [address for address in requested if "elsewhere" in address]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short name, as the system's own: a browser's socket lies in it."""
    with tempfile.TemporaryDirectory(prefix="kpis-") as folder:
        yield Path(folder)


@pytest.mark.parametrize("moment", ["kpis-work-*", "kpis-work-*/playwright_chromiumdev_profile-*", "*/0.png"])
def test_what_a_killed_run_leaves_is_removed_by_the_next_one(
    database: Path, tmp_path: Path, short_folder: Path, moment: str
) -> None:
    temporary = short_folder
    command = [sys.executable, "-m", "kpis", "screenshot", "--page", "overview,targets", "--out"]
    environ = {**os.environ, "KPIS_DATABASE": str(database), "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [*command, str(tmp_path / "a")],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 90
    while not list(temporary.glob(moment)) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert list(temporary.glob("kpis-work-*"))
    time.sleep(1)  # the browser ends a moment after the process that started it
    finished = subprocess.run([*command, str(tmp_path / "b")], cwd=ROOT, env=environ, capture_output=True)
    assert finished.returncode == 0, finished.stderr
    assert [path.name for path in temporary.iterdir() if path.is_dir()] == []


def test_the_app_exits_when_its_parent_is_killed(database: Path) -> None:
    starter = (
        "import sys, time\n"
        "from kpis.screenshot.app_server import start_app\n"
        "with start_app({}) as app:\n"
        "    print(app.address, flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", starter],
        cwd=ROOT,
        env={**os.environ, "KPIS_DATABASE": str(database)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()
    assert _stops_answering(address)


def _stops_answering(address: str) -> bool:
    for _ in range(100):
        try:
            find_running_app(address)
        except ScreenshotError:
            return True
        time.sleep(0.1)
    return False
