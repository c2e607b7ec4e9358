"""A set of ten screenshots as the command takes it, against ten bare screenshot calls of standing pages."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page

from bench import databases
from bench.page_loads import chromium, stood, watched
from bench.results import Line
from bench.servers import the_app
from bench.timing import Spread, in_turns, timed
from kpis.screenshot.capture import HEIGHT, Shot, take
from kpis.ui import pages

WIDTH = 1366
_FILTERS = {"plan": "ha-noi"}
_SET = [*(entry.slug for entry in pages.PAGES), pages.OVERVIEW, pages.TASKS]


def measure(sizes: Sequence[str], until: float) -> list[Line]:
    """Row 12: the same ten pages both ways, of one province, in turns."""
    return [_line(size, until) for size in sizes]


def _line(size: str, until: float) -> Line:
    with (
        the_app(databases.pointer(size)) as host,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(1) as apart,  # one thread drives one browser
        chromium() as browser,
        closing(browser.new_context(viewport={"width": WIDTH, "height": 900}, locale="vi-VN")) as context,
    ):
        shots = [Shot(page, Path(folder) / f"{at}.png", _FILTERS) for at, page in enumerate(_SET)]
        standing = {page: _standing(context.new_page(), host, page) for page in dict.fromkeys(_SET)}

        def as_set() -> None:
            apart.submit(take, f"http://{host}", shots, width=WIDTH, lang="vi").result()

        def bare() -> None:
            for at, page in enumerate(_SET):
                standing[page].screenshot(path=Path(folder) / f"bare-{at}.png")

        base, own = in_turns([timed(bare), timed(as_set)], 5, until=until)
    what, against = "a set of 10 screenshots", "10 bare calls on pages that stand"
    said = "with the start of a browser and its first load"
    return Line(12, size, what, against, 4, Spread.of(own), Spread.of(base), said)


def _standing(page: Page, host: str, slug: str) -> Page:
    page.add_init_script(watched(slug))
    path = "" if slug == pages.OVERVIEW else slug
    page.goto(f"http://{host}/{path}?{urlencode(_FILTERS)}", wait_until="commit")
    stood(page)
    page.set_viewport_size({"width": WIDTH, "height": int(page.evaluate(HEIGHT))})
    return page
