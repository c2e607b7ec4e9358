"""Takes pictures of pages with one browser and one tab: waits until a page stands whole, or makes no file."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from kpis.language.messages import Language
from kpis.screenshot.errors import ScreenshotError
from kpis.screenshot.page_snapshot import AT_REST, SEEN, Seen
from kpis.ui import pages

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LONGEST = 90.0  # seconds for one page: a first visit may read the sample
_TALLEST = 16_000  # px: above it Chromium draws pictures with holes
_LEAST_HEIGHT = 480
_BETWEEN_LOOKS = 20  # ms: a look at every frame would keep the page from getting there
_NOWHERE = "nowhere.invalid"  # RFC 2606: there never is such a host

HEIGHT = """() => Math.round(
  document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().bottom
)"""
"""Asks the page for its content's height, px, whatever the window's: so that it need not be small first."""

# Two frames on: what the page does about its new size has been done and drawn.
_HEIGHT_THEN = f"""() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(({HEIGHT})())))
)"""
# A link of the frame's own navigation: a page switch costs a sixth of a full load.
_CLICK = """path => {
  const link = [...document.querySelectorAll('[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]')]
    .find(one => one.href.split('?')[0].replace(/\\/+$/, '') === path);
  if (link) link.click();
  return Boolean(link);
}"""


@dataclass(frozen=True)
class Shot:
    """One picture: the page's slug, the filters in its address, and the file to write."""

    page: str
    out: Path
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the page stands: the first one at the root of the site."""
        return "" if self.page == pages.PAGES[0].slug else self.page

    @property
    def asked(self) -> dict[str, str]:
        """What the page's ready mark has to say."""
        names = {"as_of": "asOf", "plan": "plan"}
        return {"page": self.page} | {
            names[name]: self.filters[name] for name in names if name in self.filters
        }


def take(
    address: str,
    shots: Sequence[Shot],
    *,
    width: int,
    lang: Language,
    longest: float = LONGEST,
    progress: Callable[[Shot], None] = lambda _shot: None,
) -> None:
    """Write every picture, or none: they are moved into place when the last one is whole.

    ScreenshotError without a browser, or naming what a page lacks after `longest` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="kpis-shots-") as folder, _tab(address, width) as page:
        made = []
        before: Shot | None = None
        for number, shot in enumerate(shots):
            progress(shot)
            _open(page, address, shot, before)
            _stand(page, shot, lang, longest)
            _fit(page, shot, width)
            _stand(page, shot, lang, longest)
            made.append(Path(folder) / f"{number}.png")
            page.screenshot(path=made[-1], animations="disabled", caret="hide")
            before = shot
        for file, shot in zip(made, shots, strict=True):
            shot.out.parent.mkdir(parents=True, exist_ok=True)
            unfinished = shot.out.with_name(f".{shot.out.name}.part")
            shutil.copyfile(file, unfinished)
            unfinished.replace(shot.out)


def browser_path() -> str:
    """Where the browser is; ScreenshotError says how to get one."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise ScreenshotError(
            "No Chromium was found. Install one (on Debian: apt install chromium). The weekly pack needs "
            "none: python -m kpis pack."
        )
    return found


@contextmanager
def _tab(address: str, width: int) -> Iterator[Page]:
    from playwright.sync_api import Error, sync_playwright

    path = browser_path()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path,
                args=["--disable-gpu", "--disable-background-networking", *_only(address)],
                handle_sigterm=False,
                handle_sigint=False,
                handle_sighup=False,
            )
        except Error as error:
            raise ScreenshotError(
                "The browser {path} does not start: {reason}", path=path, reason=_short(error.message)
            ) from error
        try:
            context = browser.new_context(
                viewport={"width": width, "height": _LEAST_HEIGHT},
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                color_scheme="light",
                reduced_motion="reduce",
            )
            yield context.new_page()
        except Error as error:
            raise ScreenshotError("The browser stopped: {reason}", reason=_short(error.message)) from error
        finally:
            browser.close()


def _only(address: str) -> list[str]:
    """Nothing that a page names is fetched from elsewhere: all else goes to a proxy that is not there.

    The browser refuses it by itself; asked here about every request, a first load takes a fifth longer.
    """
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [
        f"--proxy-server=http://{_NOWHERE}:1",
        f"--proxy-bypass-list=<-loopback>;{host}:{port}",
        f"--host-resolver-rules=MAP {_NOWHERE} ~NOTFOUND",
    ]


def _open(page: Page, address: str, shot: Shot, before: Shot | None) -> None:
    """By the frame's own link where only the page changes, else by the address."""
    only_the_page = before is not None and before.filters == shot.filters and before.page != shot.page
    if only_the_page and page.evaluate(_CLICK, f"{address}/{shot.path}".rstrip("/")):
        return
    query = urlencode(shot.filters)
    page.goto(f"{address}/{shot.path}" + (f"?{query}" if query else ""), wait_until="commit")


def _stand(page: Page, shot: Shot, lang: Language, longest: float) -> None:
    """Wait until the page is whole; ScreenshotError names what is missing."""
    from playwright.sync_api import TimeoutError as TooLong

    until = time.monotonic() + longest
    with suppress(TooLong):  # the look that follows says what is missing
        page.wait_for_function(
            AT_REST, arg=shot.page, polling=_BETWEEN_LOOKS, timeout=max(1.0, 1000 * longest)
        )
    while missing := (seen := Seen.of(page.evaluate(SEEN))).missing(shot.asked, lang):
        if time.monotonic() > until or (seen.failed and seen.script == "notRunning"):
            raise ScreenshotError(
                "No picture was made of the page {page}: {missing}.",
                page=shot.page,
                missing="; ".join(missing),
            )
        page.wait_for_timeout(_BETWEEN_LOOKS)


def _fit(page: Page, shot: Shot, width: int) -> None:
    """Make the window as high as the content: below the fold the browser draws nothing."""
    height = _height(page, shot, HEIGHT)
    for _ in range(4):
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
        then = _height(page, shot, _HEIGHT_THEN)
        if then == height:
            return
        height = then


def _height(page: Page, shot: Shot, asked: str) -> int:
    """The window's height for the content; ScreenshotError where the browser cannot draw so much."""
    height = int(page.evaluate(asked))
    if height > _TALLEST:
        raise ScreenshotError(
            "No picture was made of the page {page}: it is {height} px high, more than the browser can "
            "draw. Choose one province, or take the weekly pack.",
            page=shot.page,
            height=height,
        )
    return max(height, _LEAST_HEIGHT)


def _short(message: str) -> str:
    return message.strip().splitlines()[0] if message.strip() else "–"
