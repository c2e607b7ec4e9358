"""A real server with the sample data and a real browser, for the tests of every page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kpis.screenshot.page_snapshot import SNAPSHOT_SCRIPT, PageSnapshot
from kpis.settings import load_settings
from kpis.ui.frame import sample
from tests.paths import ROOT

CHROMIUM = "/usr/bin/chromium"
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080), "phone": (390, 844)}
READY = "[data-testid=kpis-ready]"


@dataclass
class OpenedPage:
    """A completely drawn page, and the errors and warnings of its console."""

    page: Page
    console: list[str] = field(default_factory=list)

    def wait_until_ready(self) -> None:
        """Wait until the script has run, the ready mark is there and every widget is drawn.

        Widgets are drawn independently, so the mark alone is not enough.
        """
        deadline = time.monotonic() + 60
        while not (snapshot := PageSnapshot.parse(self.page.evaluate(SNAPSHOT_SCRIPT))).is_settled:
            assert time.monotonic() < deadline, f"the page was never ready: {snapshot}"
            self.page.wait_for_timeout(20)

    def wait_for_page(self, page: str, plan: str) -> None:
        """Wait for this page of this plan; right after a click the previous page is still there."""
        mark = f'{READY}[data-page="{page}"][data-plan="{plan}"]'
        self.page.wait_for_selector(mark, state="attached", timeout=60_000)
        self.wait_until_ready()

    def get_mark(self, name: str) -> str:
        """Return one value of the ready mark: version, charts, state."""
        return self.page.locator(READY).get_attribute(f"data-{name}") or ""


PageOpener = Callable[..., OpenedPage]


@pytest.fixture(scope="session")
def sample_pointer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, read into a temporary database."""
    pointer = tmp_path_factory.mktemp("sample") / "kpis.json"
    environ = {"KPIS_DATABASE": str(pointer)}
    sample.read_sample_once(load_settings(environ), environ, lambda _fraction: None)
    return pointer


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Start the app on a pointer file and return its address; all servers end with the tests.

    Without the watcher: a version published during a test would change what is shown.
    """
    running: list[subprocess.Popen[bytes]] = []

    def start_server(pointer: Path, environ: Mapping[str, str] | None = None, base_path: str = "") -> str:
        port = _find_free_port()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        command += [f"--server.baseUrlPath={base_path}"] if base_path else []
        environment = {**os.environ, "KPIS_DATABASE": str(pointer), "KPIS_WATCH": "off", **(environ or {})}
        with (pointer.parent / f"server-{port}.log").open("wb") as log:
            running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{port}"
        _wait_for_server(f"{address}{base_path}/_stcore/health", running[-1])
        return address

    yield start_server
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def site(serve: Callable[[Path], str], sample_pointer: Path) -> str:
    """The address of the app with the sample."""
    return serve(sample_pointer)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without background network traffic."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[PageOpener]:
    """Open an address of the app in a window size and colour scheme, and wait until it is ready."""
    contexts = []

    def open_at(
        path: str,
        size: str = "laptop",
        look: str = "light",
        address: str | None = None,
        *,
        clock: bool = False,
    ) -> OpenedPage:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if look == "dark" else "light",
            locale="vi-VN",
        )
        contexts.append(context)
        opened = OpenedPage(context.new_page())
        if clock:  # so that a test can let time pass in the browser
            opened.page.clock.install()
        opened.page.on(
            "console",
            lambda entry: opened.console.append(entry.text) if entry.type in ("error", "warning") else None,
        )
        opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
        opened.page.goto((address or site) + path)
        opened.wait_until_ready()
        return opened

    yield open_at
    for context in contexts:
        context.close()


def _find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for_server(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not start")
