"""Overview and province as of a day that nobody asked for, against a bare group-by of the rows up to that day."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from bench import databases
from bench.generate import TODAY
from bench.planning import PreparingDatabase, describe_planning, open_preparing
from bench.results import BenchLine
from bench.timing import Spread, build_timer, take_turns
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.page import load_overview
from kpis.ui.province.page import load_province
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.filters import parse_filters
from kpis.ui.shared.page_view import PageView

_GOAL = 2.0
"""At ten million entries; of a small database both are mostly the planning of statements."""
_TURNS = 7
_FIRST_DAYS_AGO, _DAYS_BETWEEN = 8, 8
"""Each day is of another week, so that nothing of its last Sunday has been asked for either."""
_PROVINCE = "ha-noi"


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 22, in one process: the page's HTML from nothing but the open version."""
    return [line for size in sizes for line in _measure_size(size, deadline)]


def _measure_size(size: str, deadline: float) -> Iterator[BenchLine]:
    database = open_preparing(databases.ensure_database(size))
    for page, plan, load in (
        (pages.OVERVIEW, None, load_overview),
        (pages.PROVINCE, _PROVINCE, lambda db, view: load_province(db, db, view)),
    ):
        days = (TODAY - timedelta(days=ago) for ago in itertools.count(_FIRST_DAYS_AGO, _DAYS_BETWEEN))
        yield _measure_page(size, database, page, _build_opener(database, plan, load, days), deadline)
    database.close()


def _build_opener(
    database: PreparingDatabase,
    plan: str | None,
    load: Callable[[Database, PageView], object],
    days: Iterator[date],
) -> Callable[[], object]:
    def open_next_day() -> object:
        database.forget_statements()
        query = {"as_of": next(days).isoformat(), **({"plan": plan} if plan else {})}
        options = load_filter_options(database, TODAY, plan)
        filters = parse_filters(query, options)
        return load(database, PageView(filters, options.find_plan(plan), TODAY, sample=True))

    return open_next_day


def _measure_page(
    size: str, database: PreparingDatabase, page: str, open_next_day: Callable[[], object], deadline: float
) -> BenchLine:
    parameters = {"as_of": TODAY, "year_start": date(TODAY.year, 1, 1)}
    group_by = sql.load("bench", "group_by")
    opened, prepared, bare = take_turns(
        [
            build_timer(open_next_day),
            build_timer(database.prepare_statements),
            build_timer(lambda: database.fetch_table(group_by, parameters)),
        ],
        _TURNS,
        deadline=deadline,
    )
    return BenchLine(
        22,
        size,
        f"{page}, a day of a week nobody asked about",
        "a bare group-by of the rows of all plans",
        _GOAL if size == "nation" else None,
        Spread.compute(opened),
        Spread.compute(bare),
        describe_planning(Spread.compute(prepared), Spread.compute(bare)),
    )
