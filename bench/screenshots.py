"""Ten screenshots taken by the command, against ten plain screenshot calls on pages that are already open."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page

from bench import databases
from bench.page_loads import build_watch_script, open_chromium, wait_until_complete
from bench.results import BenchLine
from bench.servers import serve_app
from bench.timing import Spread, build_timer, take_turns
from kpis.screenshot.app_server import RunningApp
from kpis.screenshot.capture import HEIGHT_SCRIPT, Screenshot, take_screenshots
from kpis.ui import pages

WINDOW_WIDTH = 1366
_FILTERS = {"plan": "ha-noi"}
_PAGE_SLUGS = [*(entry.slug for entry in pages.PAGES), pages.OVERVIEW, pages.TASKS]


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 12: the same ten pages of one province both ways, in turns."""
    return [_measure_size(size, deadline) for size in sizes]


def _measure_size(size: str, deadline: float) -> BenchLine:
    with (
        serve_app(databases.ensure_database(size)) as host,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(1) as executor,  # each browser needs a thread of its own
        open_chromium() as browser,
        closing(_open_context(browser)) as context,
    ):
        shots = [Screenshot(page, Path(folder) / f"{number}.png", _FILTERS) for number, page in enumerate(_PAGE_SLUGS)]
        open_pages = {page: _open_complete_page(context.new_page(), host, page) for page in dict.fromkeys(_PAGE_SLUGS)}

        def take_set() -> None:
            executor.submit(
                take_screenshots, RunningApp(f"http://{host}"), shots, width=WINDOW_WIDTH, lang="vi"
            ).result()

        def take_bare() -> None:
            for number, page in enumerate(_PAGE_SLUGS):
                open_pages[page].screenshot(path=Path(folder) / f"bare-{number}.png")

        bare, full = take_turns([build_timer(take_bare), build_timer(take_set)], 5, deadline=deadline)
    what, against = (
        f"a set of {len(_PAGE_SLUGS)} screenshots",
        f"{len(_PAGE_SLUGS)} plain calls on open pages",
    )
    note = "with the start of a browser and its first load"
    return BenchLine(12, size, what, against, 4, Spread.compute(full), Spread.compute(bare), note)


def _open_context(browser: Browser) -> BrowserContext:
    # The script that waits evaluates a text, which the policy of our pages refuses.
    return browser.new_context(viewport={"width": WINDOW_WIDTH, "height": 900}, locale="vi-VN", bypass_csp=True)


def _open_complete_page(page: Page, host: str, slug: str) -> Page:
    page.add_init_script(build_watch_script(slug))
    path = "" if slug == pages.OVERVIEW else slug
    page.goto(f"http://{host}/{path}?{urlencode(_FILTERS)}", wait_until="commit")
    wait_until_complete(page)
    page.set_viewport_size({"width": WINDOW_WIDTH, "height": int(page.evaluate(HEIGHT_SCRIPT))})
    return page
