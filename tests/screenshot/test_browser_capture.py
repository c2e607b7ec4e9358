"""Pictures of the real app: the whole page, in one browser; nothing is left running, nothing half made."""

from __future__ import annotations

import os
import subprocess
import sys
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
from kpis.screenshot.app_server import find_running_app, start_app
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


def test_a_set_of_pages_is_taken_whole_and_the_app_ends(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    ran = run_kpis(
        "screenshot",
        *("--page", "overview,targets", "--as-of", "2026-11-20", "--width", "1280", "--out", str(out)),
        environ={"KPIS_DATABASE": str(database)},
    )
    assert ran.code == 0, ran.err
    assert ran.out.split() == [str(out / "overview.png"), str(out / "targets.png")]
    with Image.open(out / "overview.png") as overview, Image.open(out / "targets.png") as targets:
        assert (overview.width, targets.width) == (1280, 1280)
        assert targets.height > 900  # more than one window


def test_a_page_that_is_not_whole_makes_no_file_at_all(database: Path, tmp_path: Path) -> None:
    shots = [
        Screenshot("overview", tmp_path / "good.png"),
        Screenshot("targets", tmp_path / "bad.png", {"as_of": "1999-01-01"}),
    ]
    with (
        start_app({"KPIS_DATABASE": str(database)}) as address,
        pytest.raises(ScreenshotError, match="1999-01-01"),
    ):
        take_screenshots(address, shots, width=1280, lang="en", timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_a_page_whose_buttons_keep_a_place_free_is_whole(database: Path, tmp_path: Path) -> None:
    shot = Screenshot("province", tmp_path / "province.png", {"plan": "dong-thap"})
    with start_app({"KPIS_DATABASE": str(database)}) as address:
        take_screenshots(address, [shot], width=1280, lang="en", timeout=30)
    assert shot.out.exists()


def _route_select_boxes(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Route], object]) -> list[int]:
    """Answers for the script of select boxes as told; gives what was waited for, look by look."""
    waited: list[int] = []
    tab, look = capture._open_tab, PageSnapshot.parse

    @contextmanager
    def open_routed_tab(address: str, width: int) -> Iterator[Page]:
        with tab(address, width) as page:
            page.route("**/Selectbox.*", answer)
            yield page

    def record_snapshot(seen: Mapping[str, object]) -> PageSnapshot:
        waited.append(int(str(seen["waiting"])))
        return look(seen)

    monkeypatch.setattr(capture, "_open_tab", open_routed_tab)
    monkeypatch.setattr(PageSnapshot, "parse", record_snapshot)
    return waited


def _answer_late(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(2500)
    route.continue_()


def test_a_picture_waits_for_select_boxes_that_come_late(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shot = Screenshot("pack", tmp_path / "pack.png")
    with start_app({"KPIS_DATABASE": str(database)}) as address:
        take_screenshots(address, [shot], width=1280, lang="en")
        prompt = shot.out.read_bytes()
        waited = _route_select_boxes(monkeypatch, _answer_late)
        take_screenshots(address, [shot], width=1280, lang="en")
    assert max(waited) >= 2
    assert waited[-1] == 0
    assert shot.out.read_bytes() == prompt


@pytest.mark.parametrize(
    ("answer", "said"),
    [(lambda _route: None, "of its parts are not drawn yet"), (lambda route: route.abort(), "an error")],
    ids=["never", "refused"],
)
def test_without_its_select_boxes_there_is_no_picture(
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[Route], object],
    said: str,
) -> None:
    _route_select_boxes(monkeypatch, answer)
    with (
        start_app({"KPIS_DATABASE": str(database)}) as address,
        pytest.raises(ScreenshotError, match=said),
    ):
        take_screenshots(
            address, [Screenshot("pack", tmp_path / "pack.png")], width=1280, lang="en", timeout=10
        )
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_fetched_from_elsewhere_not_even_from_this_machine() -> None:
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Answers) as ours,
        ThreadingHTTPServer(("127.0.0.1", 0), Answers) as other,
    ):
        for server in (ours, other):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        mine, elsewhere = (f"127.0.0.1:{server.server_port}" for server in (ours, other))
        with capture._open_tab(f"http://{mine}", 800) as page:
            page.goto(f"http://{mine}/page")
            fetched = "address => fetch(address).then(() => true, () => false)"
            assert page.evaluate(fetched, f"http://{mine}/own")
            assert not page.evaluate(fetched, f"http://{elsewhere}/elsewhere")
            assert not page.evaluate(fetched, f"http://localhost:{other.server_port}/elsewhere")
            assert not page.evaluate(fetched, "http://example.invalid/elsewhere")
        for server in (ours, other):
            server.shutdown()
    assert f"{mine}/own" in asked
    assert not [one for one in asked if "elsewhere" in one]


def test_the_app_ends_when_its_starter_is_killed(database: Path) -> None:
    starter = (
        "import sys, time\n"
        "from kpis.screenshot.app_server import started_app\n"
        "with started_app({}) as address:\n"
        "    print(address, flush=True)\n"
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
    assert _becomes_silent(address)


def _becomes_silent(address: str) -> bool:
    for _ in range(100):
        try:
            find_running_app(address)
        except ScreenshotError:
            return True
        time.sleep(0.1)
    return False
