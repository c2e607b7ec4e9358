"""Pages in headless Chromium: a full load in a fresh profile, and a switch by the page's own navigation.

Times are the browser's: from the start of the navigation, or the click, to the frame in which the page is
complete (script finished, ready mark set, every chart drawn, font loaded).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from bench import databases
from bench.results import BenchLine
from bench.servers import serve_app, serve_empty_page
from bench.timing import Spread
from kpis.screenshot.capture import find_browser
from kpis.ui import pages


@dataclass(frozen=True)
class Visit:
    """A page as it is measured: its name in the table, its address, and the highest ratio to an empty page."""

    name: str
    slug: str
    query: str = ""
    goal: float = 2.0

    @property
    def path(self) -> str:
        """The path and query below the server's root."""
        return ("" if self.slug == pages.OVERVIEW else self.slug) + self.query


_PLAN = "?plan=ha-noi"
_AGENCY = f"{_PLAN}&agency=S%E1%BB%9F%20C%C3%B4ng%20Th%C6%B0%C6%A1ng"
VISITS = (
    Visit(pages.OVERVIEW, pages.OVERVIEW, goal=1.35),
    Visit("overview of one plan", pages.OVERVIEW, _PLAN, goal=1.35),
    Visit(pages.PROVINCE, pages.PROVINCE, _PLAN),
    Visit(pages.AGENCY, pages.AGENCY, _AGENCY),
    Visit("list of agencies", pages.AGENCY, _PLAN),
    Visit(pages.TASKS, pages.TASKS),
    Visit(pages.EXPLANATIONS, pages.EXPLANATIONS),
    Visit(pages.FINDINGS, pages.FINDINGS),
    Visit(pages.SOURCES, pages.SOURCES),
    Visit(pages.PACK, pages.PACK),
    Visit(pages.TARGETS, pages.TARGETS),
    Visit("targets of one plan", pages.TARGETS, _PLAN),
    Visit(pages.ENTRIES, pages.ENTRIES, _PLAN),
    Visit(pages.PLAN_IMPORT, pages.PLAN_IMPORT),
)
"""Every page of a navigation without sign-in, and the views that one plan has of its own."""

EMPTY_PAGE = "empty"
SWITCH_GOAL = 0.15
ROUNDS = 7
_BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server"]
_TIMEOUT_MS = 90_000  # ms
_WATCH_SCRIPT = """
window.bench = {page: PAGE, from: 0, completeAt: 0};
(function check() {
  const app = document.querySelector('[data-testid=stApp]');
  const settled = app && app.dataset.testScriptState === 'notRunning' && document.fonts.status === 'loaded';
  if (!bench.completeAt && settled) {
    const mark = document.querySelector('[data-testid=kpis-ready]');
    const charts = [...document.querySelectorAll('img.kpis-chart')];
    const vega = document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg)');
    const drawn = charts.filter(chart => chart.complete && chart.naturalWidth).length + vega.length;
    const complete = bench.page === 'empty'
      ? document.querySelector('h1')
      : mark && mark.dataset.page === bench.page && mark.dataset.state === 'ok'
        && +mark.dataset.charts === drawn;
    if (complete) bench.completeAt = performance.now();
  }
  requestAnimationFrame(check);
})();
"""
_CLICK_SCRIPT = """page => {
  const link = [...document.querySelectorAll('[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]')]
    .find(a => new URL(a.href).pathname.replace(/\\/+$/, '') === (page === 'overview' ? '' : '/' + page));
  Object.assign(bench, {page: page, completeAt: 0, from: performance.now()});
  link.click();
}"""

LoadTimes = dict[tuple[str, str, str], list[float]]
"""(size, "load" or "switch", page) -> seconds."""


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure rows 1 to 4 in one interleaved run over every size and page; at least two rounds."""
    measured_sizes = [*sizes, *(["2k"] if "nation" in sizes else [])]
    times: LoadTimes = {}
    with ExitStack() as stack:
        hosts = {size: stack.enter_context(serve_app(databases.ensure_database(size))) for size in measured_sizes}
        empty = stack.enter_context(serve_empty_page())
        browser = stack.enter_context(open_chromium())
        for number in range(-1, ROUNDS):
            if number >= 2 and time.monotonic() > deadline:
                break
            visits = list(_measure_round(browser, hosts, empty))
            for key, seconds in visits if number >= 0 else ():
                times.setdefault(key, []).append(seconds)
    return [line for size in sizes for line in _build_lines(size, times)]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start the browser of the measurements, without background requests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=_BROWSER_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _measure_round(
    browser: Browser, hosts: Mapping[str, str], empty: str
) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Visit every page of every size once, and an empty page for each size."""
    for size, host in hosts.items():
        yield (size, "load", EMPTY_PAGE), _measure_visit(browser, empty, Visit(EMPTY_PAGE, EMPTY_PAGE))[0]
        for visit in VISITS:
            load, switch = _measure_visit(browser, host, visit)
            yield (size, "load", visit.name), load
            if visit.slug not in pages.HIDDEN_PAGES:
                yield (size, "switch", visit.name), switch


def _measure_visit(browser: Browser, host: str, visit: Visit) -> tuple[float, float]:
    """Return the seconds of a full load in a fresh profile, and of a switch to the page from another one.

    There is no switch to an empty page, nor to one that the navigation does not name: 0.
    """
    with open_page(browser, host, visit) as (page, load):
        if visit.slug == EMPTY_PAGE or visit.slug in pages.HIDDEN_PAGES:
            return load, 0.0
        page.evaluate(_CLICK_SCRIPT, pages.TARGETS if visit.slug != pages.TARGETS else pages.TASKS)
        wait_until_complete(page)
        page.wait_for_timeout(150)
        page.evaluate(_CLICK_SCRIPT, visit.slug)
        return load, wait_until_complete(page)


@contextmanager
def open_page(browser: Browser, host: str, visit: Visit) -> Iterator[tuple[Page, float]]:
    """Open a page in a fresh profile; yields it when it is complete, and the seconds that the load took."""
    # `wait_for_function` evaluates a text, which the policy of our pages refuses.
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", bypass_csp=True)
    try:
        page = context.new_page()
        page.add_init_script(build_watch_script(visit.slug))
        address = "" if visit.slug == EMPTY_PAGE else visit.path
        page.goto(f"http://{host}/{address}", wait_until="commit")
        yield page, wait_until_complete(page)
    finally:
        context.close()


def build_watch_script(name: str) -> str:
    """Return the script that records when a page is complete; it must be added before the page is opened."""
    return _WATCH_SCRIPT.replace("PAGE", f"'{name}'")


def wait_until_complete(page: Page) -> float:
    """Wait until the page is complete; returns the seconds since the start of the navigation or the click."""
    page.wait_for_function("bench.completeAt", timeout=_TIMEOUT_MS)
    return float(page.evaluate("bench.completeAt - bench.from")) / 1000


def _build_lines(size: str, times: LoadTimes) -> Iterator[BenchLine]:
    def compute_spread(kind: str, name: str, of: str = size) -> Spread:
        return Spread.compute(times[of, kind, name])

    empty = compute_spread("load", EMPTY_PAGE)
    for visit in VISITS:
        row, load = 1 if visit.slug == pages.OVERVIEW else 2, compute_spread("load", visit.name)
        yield BenchLine(row, size, f"{visit.name}, all drawn", "an empty Streamlit page", visit.goal, load, empty)
    for visit in VISITS if size == "nation" else ():
        load, small = compute_spread("load", visit.name), compute_spread("load", visit.name, "2k")
        against = "the same plans with 2 thousand entries"
        yield BenchLine(3, size, f"{visit.name} at 10 million", against, 1.15, load, small)
    for visit in VISITS:
        if (size, "switch", visit.name) in times:
            switch, load = compute_spread("switch", visit.name), compute_spread("load", visit.name)
            yield BenchLine(4, size, f"switch to {visit.name}", "a full load of it", SWITCH_GOAL, switch, load)
