"""Reruns with another filter, and searches: server time, over Streamlit's WebSocket."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import quote, urlencode

from bench import databases
from bench.generate import TODAY
from bench.results import BenchLine
from bench.servers import serve_app, serve_empty_page
from bench.timing import Spread, take_turns
from bench.websocket_session import Session
from kpis.ui import pages

_TURNS = 15
_PAUSE = 0.06
"""Seconds between runs: lets Streamlit's garbage collection after a run end before the next begins."""

SEARCH_GOAL = 8.0
_SEARCHED_PAGES = (pages.TASKS, pages.TARGETS, pages.FINDINGS, pages.AGENCY, pages.ENTRIES, pages.EXPLANATIONS)
_WORDS = ("so cong thuong", "12.tin", "ke hoach", "xa", "tin bai", "zzz khong co")
"""Searched for in turn: words of titles and agencies, a code, a word that stands in many rows, and one in none."""

_PLAN = "ha-noi"
_AGENCY = "Sở Công Thương"


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 5: a rerun of each page with another filter, against a rerun of an empty page, in turns."""
    lines: list[BenchLine] = []
    with serve_empty_page(freeze=True) as empty:
        for size in sizes:
            with serve_app(databases.ensure_database(size)) as host:
                for entry in pages.PAGES:
                    lines += _measure_page(size, host, empty, entry.slug, deadline)
    return lines


def _measure_page(size: str, host: str, empty: str, page: str, deadline: float) -> Iterator[BenchLine]:
    goal = 2.5 if page == pages.OVERVIEW else 8.0
    path = "" if page == pages.OVERVIEW else page
    days = _count_days()
    with ExitStack() as stack:
        empty_session, repeating, changing = (stack.enter_context(Session(address)) for address in (empty, host, host))
        queries = [_build_query(page, 1), _build_query(page, 2)]

        def rerun_earlier_filter() -> float:
            time.sleep(_PAUSE)
            queries.reverse()
            return repeating.run(path, queries[0])

        def rerun_new_day() -> float:
            time.sleep(_PAUSE)
            return changing.run(path, _build_query(page, next(days)))

        def rerun_empty_page() -> float:
            time.sleep(_PAUSE)
            return empty_session.run()

        changing.run(path, _build_query(page, 0))
        baseline, earlier, new = take_turns(
            [rerun_empty_page, rerun_earlier_filter, rerun_new_day],
            _TURNS,
            warm_up_turns=2,
            deadline=deadline,
        )
    against = "an empty rerun"
    yield BenchLine(
        5,
        size,
        f"{page}, an earlier filter",
        against,
        goal,
        Spread.compute(earlier),
        Spread.compute(baseline),
    )
    yield BenchLine(5, size, f"{page}, a new day", against, goal, Spread.compute(new), Spread.compute(baseline))


def _count_days() -> Iterator[int]:
    return iter(range(3, 10_000))


def _build_query(page: str, days_ago: int) -> str:
    filters = {"as_of": (TODAY - timedelta(days=days_ago)).isoformat()}
    if page in (pages.PROVINCE, pages.AGENCY):
        filters["plan"] = _PLAN
    if page == pages.AGENCY:
        filters["agency"] = _AGENCY
    return urlencode(filters, quote_via=quote)


def measure_search(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 20: a search in each list, against a rerun of an empty page, in turns."""
    lines: list[BenchLine] = []
    with serve_empty_page(freeze=True) as empty:
        for size in sizes:
            with serve_app(databases.ensure_database(size)) as host:
                lines += [_measure_page_search(size, host, empty, page, deadline) for page in _SEARCHED_PAGES]
    return lines


def _measure_page_search(size: str, host: str, empty: str, page: str, deadline: float) -> BenchLine:
    words = itertools.cycle(_WORDS)
    filters = {"plan": _PLAN} if page in (pages.AGENCY, pages.ENTRIES) else {}
    with Session(empty) as empty_session, Session(host) as session:

        def search() -> float:
            time.sleep(_PAUSE)
            return session.run(page, urlencode({**filters, "q": next(words)}, quote_via=quote))

        def rerun_empty_page() -> float:
            time.sleep(_PAUSE)
            return empty_session.run()

        session.run(page, urlencode(filters, quote_via=quote))
        baseline, searches = take_turns([rerun_empty_page, search], _TURNS, warm_up_turns=2, deadline=deadline)
    subject, against = f"a search on the page {page}", "an empty rerun"
    return BenchLine(20, size, subject, against, SEARCH_GOAL, Spread.compute(searches), Spread.compute(baseline))
