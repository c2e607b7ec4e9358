"""Links in a page in headless Chromium: from the click to the complete page, against a full load of that address."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from bench import databases
from bench.page_loads import ROUNDS, SWITCH_GOAL, VISITS, Visit, open_chromium, open_page, wait_until_complete
from bench.results import BenchLine
from bench.servers import serve_app
from bench.timing import Spread
from kpis.ui import pages

_ORIGINS = tuple(visit for visit in VISITS if visit.slug in (pages.OVERVIEW, pages.PROVINCE, pages.AGENCY))
_LIST_SCRIPT = """() => [...document.querySelectorAll('[data-testid=stMain] a[href]:not([download])')]
  .map(a => a.href)
  .filter(href => new URL(href).origin === location.origin && !new URL(href).pathname.startsWith('/tai-bang/'))"""
_CLICK_SCRIPT = """([href, page]) => {
  const link = [...document.querySelectorAll('[data-testid=stMain] a[href]')].find(a => a.href === href);
  Object.assign(bench, {page: page, completeAt: 0, from: performance.now()});
  link.click();
}"""

_Link = tuple[Visit, Visit]
"""The page that the link stands in, and the address that it leads to."""


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 19 in one interleaved run: the first link to each other page in overview, province and agency."""
    times: dict[tuple[str, _Link], tuple[list[float], list[float]]] = {}
    with ExitStack() as stack:
        hosts = {size: stack.enter_context(serve_app(databases.ensure_database(size))) for size in sizes}
        browser = stack.enter_context(open_chromium())
        links = {
            size: [link for visit in _ORIGINS for link in _find_links(browser, host, visit)]
            for size, host in hosts.items()
        }
        for number in range(-1, ROUNDS):
            if number >= 2 and time.monotonic() > deadline:
                break
            for size, host in hosts.items():
                for link in links[size]:
                    seconds = _measure_link(browser, host, link)
                    for collected, value in zip(times.setdefault((size, link), ([], [])), seconds, strict=True):
                        collected.extend([value] if number >= 0 else [])
    return [_build_line(size, link, *seconds) for (size, link), seconds in times.items()]


def _find_links(browser: Browser, host: str, origin: Visit) -> list[_Link]:
    """Return a link of a page to each other page that it leads to: the first that stands there."""
    with open_page(browser, host, origin) as (page, _):
        addresses = [urlsplit(href) for href in page.evaluate(_LIST_SCRIPT)]
    targets: dict[str, Visit] = {}
    for address in addresses:
        slug = address.path.strip("/") or pages.OVERVIEW
        if slug != origin.slug:
            rest = address._replace(scheme="", netloc="", path="").geturl()  # "?plan=…#…"
            targets.setdefault(slug, Visit(slug, slug, rest))
    return [(origin, target) for target in targets.values()]


def _measure_link(browser: Browser, host: str, link: _Link) -> tuple[float, float]:
    """Return the seconds of following a link, and of a full load of its address in a fresh profile."""
    origin, target = link
    with open_page(browser, host, target) as (_, load):
        pass
    with open_page(browser, host, origin) as (page, _):
        page.wait_for_timeout(150)
        page.evaluate(_CLICK_SCRIPT, [f"http://{host}/{target.path}", target.slug])
        return wait_until_complete(page), load


def _build_line(size: str, link: _Link, follow: Sequence[float], load: Sequence[float]) -> BenchLine:
    origin, target = link
    what = f"a link of {origin.name} to {target.name}"
    return BenchLine(
        19, size, what, "a full load of that address", SWITCH_GOAL, Spread.compute(follow), Spread.compute(load)
    )
