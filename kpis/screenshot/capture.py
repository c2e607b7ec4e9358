"""Takes pictures of pages with one browser and one tab: waits until a page is complete, or writes no file."""

from __future__ import annotations

import os
import shutil
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from kpis.access import own_sessions
from kpis.language.messages import Language
from kpis.screenshot.app_server import RunningApp
from kpis.screenshot.errors import ScreenshotError
from kpis.screenshot.page_snapshot import IS_SETTLED_SCRIPT, SNAPSHOT_SCRIPT, PageSnapshot
from kpis.store.work_folders import open_work_folder
from kpis.ui import pages

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

_BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PAGE_TIMEOUT = 90.0  # seconds for one page: a first visit may read the sample
_MAX_HEIGHT = 16_000  # px: Chromium leaves parts of higher pictures blank
_MIN_HEIGHT = 480
_MAX_FOLDER_BYTES = 60
_TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_POLL_INTERVAL = 20  # ms: checking in every frame would slow the page down
_INVALID_HOST = "nowhere.invalid"  # RFC 2606: this host never exists

HEIGHT_SCRIPT = """() => Math.round(
  document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().bottom
)"""
"""Returns the height of the page's content in px, independent of the window's height."""

# Two frames later the page has reacted to its new size and is drawn.
_NEXT_HEIGHT_SCRIPT = f"""() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(({HEIGHT_SCRIPT})())))
)"""
# A transition that has begun is shown at its end, as for a reader who looks a second later; no caret blinks.
_FINISH_ANIMATIONS_SCRIPT = """() => {
  document.documentElement.style.caretColor = 'transparent';
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime === Infinity) animation.cancel();
    else animation.finish();
  }
}"""
# Clicks a link of the app's navigation: a page switch takes a sixth of the time of a full load.
_CLICK_SCRIPT = """path => {
  const link = [...document.querySelectorAll('[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]')]
    .find(anchor => anchor.href.split('?')[0].replace(/\\/+$/, '') === path);
  if (link) link.click();
  return Boolean(link);
}"""


@dataclass(frozen=True)
class Screenshot:
    """One picture: the page's slug, the filters in its address, and the file to write."""

    page: str
    out: Path
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def url_path(self) -> str:
        """The path of the page; the first page is at the root of the site."""
        return "" if self.page == pages.PAGES[0].slug else self.page

    @property
    def required_mark(self) -> dict[str, str]:
        """The attributes that the page's ready mark must have."""
        names = {"as_of": "asOf", "plan": "plan"}
        return {"page": self.page} | {names[name]: self.filters[name] for name in names if name in self.filters}


def take_screenshots(
    app: RunningApp,
    screenshots: Sequence[Screenshot],
    *,
    width: int,
    lang: Language,
    timeout: float = PAGE_TIMEOUT,
    progress: Callable[[Screenshot], None] = lambda _shot: None,
) -> None:
    """Write every picture or none: they are copied to their places after the last one was taken.

    `width`: px; `timeout`: seconds per page. Raises ScreenshotError without a browser, or naming what a page
    still lacks after the timeout.
    """
    with open_work_folder("shots") as folder, _open_tab(app, width, folder) as page:
        session = page.context.new_cdp_session(page)
        files = []
        previous: Screenshot | None = None
        for number, shot in enumerate(screenshots):
            progress(shot)
            _open_page(page, app.address, shot, previous)
            _wait_until_complete(page, shot, lang, timeout)
            _fit_window(page, shot, width)
            _require_complete(page, shot, lang, time.monotonic() + timeout)
            files.append(folder / f"{number}.png")
            files[-1].write_bytes(_take_picture(page, session))
            previous = shot
        for file, shot in zip(files, screenshots, strict=True):
            shot.out.parent.mkdir(parents=True, exist_ok=True)
            unfinished = shot.out.with_name(f".{shot.out.name}.part")
            shutil.copyfile(file, unfinished)
            unfinished.replace(shot.out)


def locate_browser() -> str | None:
    """Return the path of an installed Chromium; None if there is none."""
    return next((path for name in _BROWSER_NAMES if (path := shutil.which(name))), None)


def find_browser() -> str:
    """Return the path of an installed Chromium; ScreenshotError says how to install one."""
    path = locate_browser()
    if path is None:
        raise ScreenshotError(
            "No Chromium was found. Install one (on Debian: apt install chromium). The weekly pack needs "
            "none: python -m kpis pack."
        )
    return path


@contextmanager
def _keep_temporary_files_in(folder: Path) -> Iterator[None]:
    """Let processes that are started inside put their temporary files into a folder.

    Playwright makes the browser's profile where its own process has them, and says so by no option. A folder
    with a long name is left out: Chromium does not start where its socket's path is longer than 107 bytes.
    """
    if len(os.fsencode(folder)) > _MAX_FOLDER_BYTES:
        yield
        return
    earlier_values = {name: os.environ.get(name) for name in _TEMPORARY_VARIABLES}
    os.environ.update(dict.fromkeys(_TEMPORARY_VARIABLES, str(folder)))
    try:
        yield
    finally:
        for name, value in earlier_values.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _open_tab(app: RunningApp, width: int, folder: Path) -> Iterator[Page]:
    """Open a browser whose temporary files are in `folder`: if this process is killed, a later one has them
    removed."""
    from playwright.sync_api import Error, sync_playwright

    path = find_browser()
    with ExitStack() as stack:
        with _keep_temporary_files_in(folder):
            playwright = stack.enter_context(sync_playwright())
        try:
            browser = playwright.chromium.launch(
                executable_path=path,
                args=[
                    "--disable-gpu",
                    "--disable-background-networking",
                    *_build_isolation_arguments(app.address),
                ],
                handle_sigterm=False,
                handle_sigint=False,
                handle_sighup=False,
            )
        except Error as error:
            raise ScreenshotError(
                "The browser {path} does not start: {reason}",
                path=path,
                reason=_get_first_line(error.message),
            ) from error
        try:
            context = browser.new_context(
                viewport={"width": width, "height": _MIN_HEIGHT},
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                color_scheme="light",
                reduced_motion="reduce",
            )
            if app.token is not None:
                parts = urlsplit(app.address)
                url = f"{parts.scheme}://{parts.netloc}/"
                context.add_cookies(
                    [{"name": own_sessions.COOKIE_NAME, "value": app.token, "url": url, "httpOnly": True}]
                )
            yield context.new_page()
        except Error as error:
            raise ScreenshotError("The browser stopped: {reason}", reason=_get_first_line(error.message)) from error
        finally:
            browser.close()


def _build_isolation_arguments(address: str) -> list[str]:
    """Let the browser fetch from the app only: all other requests go to a proxy that does not exist.

    Intercepting every request instead would make a first load a fifth slower.
    """
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [
        f"--proxy-server=http://{_INVALID_HOST}:1",
        f"--proxy-bypass-list=<-loopback>;{host}:{port}",
        f"--host-resolver-rules=MAP {_INVALID_HOST} ~NOTFOUND",
    ]


def _open_page(page: Page, address: str, screenshot: Screenshot, previous: Screenshot | None) -> None:
    """Open a page: by the app's navigation if only the page changes, else by its address."""
    is_page_switch = (
        previous is not None and previous.filters == screenshot.filters and previous.page != screenshot.page
    )
    if is_page_switch and page.evaluate(_CLICK_SCRIPT, f"{address}/{screenshot.url_path}".rstrip("/")):
        return
    query = urlencode(screenshot.filters)
    page.goto(f"{address}/{screenshot.url_path}" + (f"?{query}" if query else ""), wait_until="commit")


def _wait_until_complete(page: Page, screenshot: Screenshot, lang: Language, timeout: float) -> None:
    """Wait until the page's script has run and the page is complete; ScreenshotError names what is missing."""
    from playwright.sync_api import TimeoutError as TooLong

    until = time.monotonic() + timeout
    with suppress(TooLong):  # what is missing is said below
        page.wait_for_function(
            IS_SETTLED_SCRIPT, arg=screenshot.page, polling=_POLL_INTERVAL, timeout=max(1.0, 1000 * timeout)
        )
    _require_complete(page, screenshot, lang, until)


def _require_complete(page: Page, screenshot: Screenshot, lang: Language, until: float) -> None:
    """Wait until the page is complete, at most until a moment (`time.monotonic`); then ScreenshotError names what is
    missing."""
    while missing := (snapshot := PageSnapshot.parse(page.evaluate(SNAPSHOT_SCRIPT))).list_problems(
        screenshot.required_mark, lang
    ):
        if time.monotonic() > until or (snapshot.has_failed and snapshot.script_state == "notRunning"):
            raise ScreenshotError(
                "No picture was made of the page {page}: {missing}.",
                page=screenshot.page,
                missing="; ".join(missing),
            )
        page.wait_for_timeout(_POLL_INTERVAL)


def _take_picture(page: Page, session: CDPSession) -> bytes:
    """Return what the window shows as a PNG.

    Compressed for speed, a picture takes half the time of the browser's default, for a quarter more bytes.
    """
    page.evaluate(_FINISH_ANIMATIONS_SCRIPT)
    answer = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    return b64decode(answer["data"])


def _fit_window(page: Page, screenshot: Screenshot, width: int) -> None:
    """Make the window as high as the content: the browser draws nothing below the window."""
    height = _measure_height(page, screenshot, HEIGHT_SCRIPT)
    for _ in range(4):
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
        new_height = _measure_height(page, screenshot, _NEXT_HEIGHT_SCRIPT)
        if new_height == height:
            return
        height = new_height


def _measure_height(page: Page, screenshot: Screenshot, script: str) -> int:
    """Return the window's height for the content, px; ScreenshotError if the browser cannot draw so much."""
    height = int(page.evaluate(script))
    if height > _MAX_HEIGHT:
        raise ScreenshotError(
            "No picture was made of the page {page}: it is {height} px high, more than the browser can "
            "draw. Choose one province, or take the weekly pack.",
            page=screenshot.page,
            height=height,
        )
    return max(height, _MIN_HEIGHT)


def _get_first_line(message: str) -> str:
    return message.strip().splitlines()[0] if message.strip() else "–"
