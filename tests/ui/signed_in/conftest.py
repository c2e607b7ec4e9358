"""The served dashboard with a rights file, a provider of sign-ins in a process of its own, and real browsers."""

from __future__ import annotations

import base64
import html
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, WebSocket

from tests.ui.conftest import SIZES, OpenedPage
from tests.ui.signed_in.installation import PEOPLE, Site, find_free_port, serve_site, wait_for_answer


@dataclass
class Received:
    """Every byte that a page got: bodies of answers and frames of websockets."""

    frames: list[bytes] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Record what a page receives from now on."""
        page.on("websocket", self._watch_socket)
        # Not "response": to ask for a body that is still on its way has no limit of time, and a page that is left
        # meanwhile, or a download, never gets one.
        page.on("requestfinished", self._keep_body)

    def _watch_socket(self, websocket: WebSocket) -> None:
        websocket.on("framereceived", lambda data: self.frames.append(_as_bytes(data)))
        websocket.on("framesent", lambda data: self.sent.append(_as_bytes(data)))

    def _keep_body(self, request: Request) -> None:
        if "/static/" in request.url:
            return
        with suppress(Error):  # the page has been left meanwhile
            response = request.response()
            if response is not None and not 300 <= response.status < 400:  # which has no body
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
    folder, port = tmp_path_factory.mktemp("installation"), find_free_port()
    with serve_site(folder, sample_pointer, provider, f"http://127.0.0.1:{port}", port) as site:
        yield site


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
