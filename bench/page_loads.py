"""Pages in headless Chromium: a full load in a fresh profile, and a switch by the page's own navigation.

The clock is the browser's: from the navigation's start, or the click, to the frame in which the page stands
whole (script at rest, ready mark, every chart drawn, typeface loaded).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from bench import databases
from bench.results import BenchLine
from bench.servers import serve_app, serve_empty_page
from bench.timing import Spread
from kpis.screenshot.capture import find_browser
from kpis.ui import pages

PAGE_QUERIES = {
    pages.PROVINCE: "?plan=ha-noi",
    pages.AGENCY: "?plan=ha-noi&agency=S%E1%BB%9F%20C%C3%B4ng%20Th%C6%B0%C6%A1ng",
}
"""What stands in the address; every other page is opened as the navigation opens it."""

EMPTY_PAGE = "empty"
ROUNDS = 7
_BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server"]
_TIMEOUT_MS = 90_000  # ms
_WATCH_SCRIPT = """
window.bench = {page: PAGE, from: 0, stood: 0};
(function look() {
  const app = document.querySelector('[data-testid=stApp]');
  const still = app && app.dataset.testScriptState === 'notRunning' && document.fonts.status === 'loaded';
  if (!bench.stood && still) {
    const mark = document.querySelector('[data-testid=kpis-ready]');
    const charts = [...document.querySelectorAll('img.kpis-chart')];
    const vega = document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg)');
    const drawn = charts.filter(one => one.complete && one.naturalWidth).length + vega.length;
    const whole = bench.results_page === 'empty'
      ? document.querySelector('h1')
      : mark && mark.dataset.page === bench.results_page && mark.dataset.state === 'ok'
        && +mark.dataset.charts === drawn;
    if (whole) bench.stood = performance.now();
  }
  requestAnimationFrame(look);
})();
"""
_CLICK_SCRIPT = """page => {
  const link = [...document.querySelectorAll('[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]')]
    .find(one => new URL(one.href).pathname.replace(/\\/+$/, '') === (page === 'overview' ? '' : '/' + page));
  Object.assign(bench, {page: page, stood: 0, from: performance.now()});
  link.click();
}"""

LoadTimes = dict[tuple[str, str, str], list[float]]
"""(size, "load" or "switch", page) -> seconds."""


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Rows 1 to 4 from one interleaved run over every size and page; at least two rounds."""
    compared = [*sizes, *(["2k"] if "nation" in sizes else [])]
    times: LoadTimes = {}
    with ExitStack() as stack:
        hosts = {size: stack.enter_context(serve_app(databases.ensure_database(size))) for size in compared}
        empty = stack.enter_context(serve_empty_page())
        browser = stack.enter_context(open_chromium())
        for number in range(-1, ROUNDS):
            if number >= 2 and time.monotonic() > deadline:
                break
            taken = _measure_round(browser, hosts, empty)
            for key, seconds in taken if number >= 0 else ():
                times.setdefault(key, []).append(seconds)
    return [line for size in sizes for line in _build_lines(size, times)]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """The browser of every measurement; nothing is fetched from elsewhere."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=_BROWSER_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _measure_round(
    browser: Browser, hosts: Mapping[str, str], empty: str
) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Every page of every size once, each size beside an empty page of its own."""
    for size, host in hosts.items():
        yield (size, "load", EMPTY_PAGE), _measure_visit(browser, empty, EMPTY_PAGE)[0]
        for page in (entry.slug for entry in pages.PAGES):
            load, switch = _measure_visit(browser, host, page)
            yield (size, "load", page), load
            yield (size, "switch", page), switch


def _measure_visit(browser: Browser, host: str, name: str) -> tuple[float, float]:
    """Seconds of a full load in a fresh profile, and of a switch to the same page from another one."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    try:
        page = context.new_page()
        page.add_init_script(build_watch_script(name))
        path = "" if name in (EMPTY_PAGE, pages.OVERVIEW) else name
        page.goto(f"http://{host}/{path}{PAGE_QUERIES.get(name, '')}", wait_until="commit")
        load = wait_until_complete(page)
        if name == EMPTY_PAGE:
            return load, 0.0
        page.evaluate(_CLICK_SCRIPT, pages.TARGETS if name != pages.TARGETS else pages.TASKS)
        wait_until_complete(page)
        page.wait_for_timeout(150)
        page.evaluate(_CLICK_SCRIPT, name)
        return load, wait_until_complete(page)
    finally:
        context.close()


def build_watch_script(name: str) -> str:
    """The script that notes, in the browser, when a page stands whole; it belongs before the page's own."""
    return _WATCH_SCRIPT.replace("PAGE", f"'{name}'")


def wait_until_complete(page: Page) -> float:
    """Waits until the page stands whole; seconds from the navigation's start, or the click."""
    page.wait_for_function("bench.stood", timeout=_TIMEOUT_MS)
    return float(page.evaluate("bench.stood - bench.from")) / 1000


def _build_lines(size: str, times: LoadTimes) -> Iterator[BenchLine]:
    def compute_spread(kind: str, page: str, of: str = size) -> Spread:
        return Spread.compute(times[of, kind, page])

    others = [entry.slug for entry in pages.PAGES if entry.slug != pages.OVERVIEW]
    empty = compute_spread("load", EMPTY_PAGE)
    yield BenchLine(
        1,
        size,
        "overview, all drawn",
        "an empty Streamlit page",
        1.35,
        compute_spread("load", pages.OVERVIEW),
        empty,
    )
    for page in others:
        yield BenchLine(
            2, size, f"{page}, all drawn", "an empty Streamlit page", 2.0, compute_spread("load", page), empty
        )
    if size == "nation":
        for page in (pages.OVERVIEW, *others):
            small = compute_spread("load", page, "2k")
            yield BenchLine(
                3,
                size,
                f"{page} at 10 million",
                "the same plans with 2 thousand entries",
                1.15,
                compute_spread("load", page),
                small,
            )
    for page in (pages.OVERVIEW, *others):
        yield BenchLine(
            4,
            size,
            f"switch to {page}",
            "a full load of it",
            0.15,
            compute_spread("switch", page),
            compute_spread("load", page),
        )
