"""The served dashboard with a rights file, a provider of sign-ins in a process of its own, and real browsers."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, WebSocket

from kpis.access.audit import AuditLine, AuditLog
from kpis.access.enforcement import AccessPaths, AccessState
from tests.paths import ROOT
from tests.ui.conftest import SIZES, OpenedPage

PEOPLE: dict[str, dict[str, object]] = {
    "leader@tinh.vn": {"role": "leader", "plans": ["ha-noi"]},
    "other@tinh.vn": {"role": "leader", "plans": ["dong-thap"]},
    "focal@tinh.vn": {"role": "focal", "plans": ["bac-kan"]},
    "officer@tinh.vn": {"role": "officer", "plans": ["ha-noi"], "agencies": ["Sở Y tế"]},
    "admin@tinh.vn": {"role": "administrator"},
}
"""E-mail address -> its entry in the rights file."""


@dataclass
class Site:
    """A running dashboard and its files."""

    address: str
    issuer: str
    pointer: Path
    rights_file: Path

    def write_rights(self, people: dict[str, dict[str, object]]) -> None:
        """Write the rights file with these people, in one step."""
        entries = [
            "\n".join(f"{key} = {json.dumps(value)}" for key, value in {"email": email, **entry}.items())
            for email, entry in people.items()
        ]
        text = (
            f'address = "{self.address}"\n[provider]\nissuer = "{self.issuer}"\nclient_id = "kpis"\n'
            'client_secret_file = "secret"\nlabel = "Cổng tỉnh"\n'
        )
        aside = self.rights_file.with_suffix(".new")
        aside.write_text(text + "".join(f"[[person]]\n{entry}\n" for entry in entries), encoding="utf-8")
        aside.replace(self.rights_file)

    def set_claims(self, sub: str, **claims: object) -> None:
        """Make the provider send these claims for an account."""
        body = json.dumps(claims).encode()
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.issuer}/users/{sub}", body, {"Content-Type": "application/json"}, method="PUT"
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

    @property
    def state(self) -> AccessState:
        """The access of the installation, as another process sees it."""
        return AccessState(AccessPaths(self.rights_file, self.pointer), {})

    def list_audit(self, action: str) -> list[AuditLine]:
        """Return the lines of one action."""
        return [line for line in AuditLog(self.pointer).read() if line.action == action]


@dataclass
class Received:
    """Every byte that a page got: bodies of answers and frames of websockets."""

    frames: list[bytes] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Record what a page receives from now on."""
        page.on("websocket", self._watch_socket)
        page.on("response", self._keep_body)

    def _watch_socket(self, websocket: WebSocket) -> None:
        websocket.on("framereceived", lambda data: self.frames.append(_as_bytes(data)))
        websocket.on("framesent", lambda data: self.sent.append(_as_bytes(data)))

    def _keep_body(self, response: Response) -> None:
        if "/static/" in response.url or response.status != 200:
            return
        with suppress(Error):  # the page has been left meanwhile: its body never reached it
            self.bodies.append(response.body())

    def build_text(self) -> str:
        """Return everything as text, also as a reader would decode it: HTML, percent signs, base64."""
        text = b"\n".join((*self.frames, *self.bodies)).decode("utf-8", "replace")
        blocks = [base64.b64decode(block + "==") for block in re.findall(r"base64,([A-Za-z0-9+/]{40,})", text)]
        decoded = b"\n".join(blocks).decode("utf-8", "replace")
        return "\n".join((text, html.unescape(text), unquote(text), unquote(html.unescape(text)), decoded))


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


SignIn = Callable[..., OpenedPage]


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """The address of a provider of sign-ins, which accepts any account that is typed."""
    port = find_free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-H", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        wait_for_answer(f"{address}/.well-known/openid-configuration", process)
        yield address
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def signed_in_site(provider: str, sample_pointer: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The dashboard with the sample and `PEOPLE`, whose ends of sessions take a second to reach an open page."""
    folder = tmp_path_factory.mktemp("installation")
    shutil.copytree(sample_pointer.parent, folder / "var")
    (folder / "secret").write_text("client-secret", encoding="utf-8")
    port = find_free_port()
    pointer = folder / "var" / sample_pointer.name
    site = Site(f"http://127.0.0.1:{port}", provider, pointer, folder / "access.toml")
    site.write_rights(PEOPLE)
    for number, email in enumerate(PEOPLE):
        site.set_claims(f"account-{number}", email=email, email_verified=True)
    environment = {
        **os.environ,
        "KPIS_DATABASE": str(pointer),
        "KPIS_SOURCES": str(folder / "sources.toml"),
        "KPIS_WATCH": "off",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(ROOT / "tests/ui/signed_in/quick_server.py"), "run", "app.py"]
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(
            [*command, "--server.port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log
        ) as process,
    ):
        wait_for_answer(f"{site.address}/dang-nhap", process)
        yield site
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser profile of its own: nothing is shared with another one."""
    contexts: list[BrowserContext] = []

    def open_context(size: str = "laptop", look: str = "light") -> BrowserContext:
        width, height = SIZES[size]
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if look == "dark" else "light",
                locale="vi-VN",
            )
        )
        return contexts[-1]

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(signed_in_site: Site, new_context: Callable[..., BrowserContext]) -> SignIn:
    """Sign a person in at the provider, on the way to a page, and wait until it is drawn."""

    def sign_in_to(
        email: str, path: str = "/", *, context: BrowserContext | None = None, received: Received | None = None
    ) -> OpenedPage:
        opened = OpenedPage((context or new_context()).new_page())
        watch_console(opened, signed_in_site.address)
        if received is not None:
            received.watch(opened.page)
        opened.page.goto(signed_in_site.address + path)
        press_sign_in(opened.page, f"account-{list(PEOPLE).index(email)}")
        opened.wait_until_ready()
        return opened

    return sign_in_to


def watch_console(opened: OpenedPage, address: str) -> None:
    """Keep errors and warnings of our own pages, violations of their policy among them."""

    def keep(entry: ConsoleMessage) -> None:
        url = entry.location.get("url", "")
        if entry.type in ("error", "warning") and (url.startswith(address) or not url.startswith("http")):
            opened.console.append(f"{entry.text} {url}")

    opened.page.on("console", keep)
    opened.page.on("pageerror", lambda error: opened.console.append(str(error)))


def press_sign_in(page: Page, sub: str) -> None:
    """Press the button of the sign-in page and choose an account at the provider."""
    page.locator("main button[type=submit]").click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()


def find_free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server that was just started answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not start")
