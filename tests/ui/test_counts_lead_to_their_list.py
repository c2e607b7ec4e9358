"""A crawler follows counts that are links: the heading of the list repeats the number, at one plan, five and 34."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from bench.databases import ensure_database
from kpis.measures.agency_summary import list_agency_tasks
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from kpis.ui.agency.agency_choices import render_agency_choices
from kpis.ui.agency.page import render_agency
from kpis.ui.entries.page import render_entries
from kpis.ui.explanations.page import render_explanations
from kpis.ui.findings.page import render_findings
from kpis.ui.frame.freshness import load_freshness
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.list_links import COUNT_CLASS
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, ONLY_PART, TableQuery, parse_table_query
from kpis.ui.sources.page import render_sources
from kpis.ui.targets.page import render_targets
from kpis.ui.tasks.page import render_tasks
from kpis.ui.tasks.task_list import build_task_list
from tests.ui.handmade_rows import TODAY

Renderer = Callable[[Database, PageView, TableQuery], object]
RENDERERS: Mapping[str, Renderer] = {
    pages.AGENCY: lambda db, view, query: (
        render_agency(db, view) if view.filters.agency else render_agency_choices(db, view, query)
    ),
    pages.TASKS: render_tasks,
    pages.TARGETS: render_targets,
    pages.FINDINGS: render_findings,
    pages.SOURCES: render_sources,
    pages.EXPLANATIONS: render_explanations,
    pages.ENTRIES: lambda db, view, query: render_entries(db, db, view, query),
    pages.PROVINCE: lambda db, view, _query: render_province(db, view),
    pages.OVERVIEW: lambda db, view, _query: render_overview(db, view),
}
LINK = re.compile(rf'<a href="([^"]*)"[^>]*class="{COUNT_CLASS}"[^>]*>(.*?)</a>', re.DOTALL)
TOTAL = re.compile(r'class="kpis-total">([\d.,]+)<')
NUMBERS = re.compile(r"\d[\d.,]*")
ANY_LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')
MAX_LINKS_OF_A_KIND = 2
MAX_LINKS = 12
"""Different links followed from one page, spread over it."""


@pytest.fixture(scope="module", params=["one plan", "five plans", "34 plans"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    pointer: Path = request.getfixturevalue("sample_pointer")
    if request.param == "34 plans":
        pointer = ensure_database("2k", tmp_path_factory.mktemp("nation"))
    opened = Database.open(pointer)
    assert opened is not None
    with closing(opened):
        yield opened.for_scope(Scope(frozenset({"dong-thap"}))) if request.param == "one plan" else opened


def draw(db: Database, url: str) -> str:
    address = urlsplit(html.unescape(url))
    params = dict(parse_qsl(address.query))
    options = load_filter_options(db, TODAY, params.get("plan"))
    selected = filters.parse_filters(params, options)
    assert not selected.notices, url
    view = PageView(selected, options.find_plan(selected.plan), TODAY, False)
    return str(RENDERERS[address.path.strip("/") or pages.OVERVIEW](db, view, parse_table_query(params)))


def read_number(text: str) -> int:
    """Return the number of a count; of "and 35 more (43 in all)" the last one."""
    return int(re.sub(r"[.,]", "", NUMBERS.findall(html.unescape(re.sub(r"<[^>]+>", " ", text)))[-1]))


def list_links(markup: str) -> list[tuple[str, str]]:
    links = list(dict.fromkeys(LINK.findall(markup)))
    step = max(len(links) // MAX_LINKS, 1)
    return links[::step]


def test_every_count_is_repeated_by_the_heading_of_its_list(database: Database) -> None:
    plans = load_filter_options(database, TODAY, None).plans
    plan = plans[0].plan
    agencies = load_filter_options(database, TODAY, plan).agencies
    origins = [
        *("/", "/tasks", "/findings", "/sources", "/targets"),
        *(f"/{page}?plan={plan}" for page in (pages.PROVINCE, pages.AGENCY, pages.TASKS, pages.FINDINGS)),
        *(f"/agency?plan={plan}&agency={agency}" for agency in agencies[:2]),
        f"/?plan={plan}&as_of=2026-06-30",
    ]
    followed: dict[str, str] = {}
    wrong = []
    for origin in origins:
        for url, text in list_links(draw(database, origin)):
            totals = TOTAL.findall(followed.setdefault(url, draw(database, url)))
            numbers = [read_number(total) for total in totals]
            if read_number(text) not in numbers[:1]:
                wrong.append(f"{origin}: {html.unescape(url)} says {text!r}, its list {numbers}")
    assert not wrong, "\n".join(wrong)
    assert len(followed) >= 20


def test_the_line_under_every_title_counts_the_sources_of_its_list(database: Database) -> None:
    freshness = load_freshness(database, TODAY, None)
    counts = {"stale": freshness.stale, "failed": freshness.failed, "held": freshness.held_back}
    counts["abandoned"] = freshness.abandoned
    for kind, count in counts.items():
        markup = draw(database, f"/sources?status={kind}")
        assert TOTAL.findall(markup)[0] == str(count), kind


def test_a_page_asked_for_nothing_has_no_filter_words(database: Database) -> None:
    assert parse_table_query({}) == NOTHING_ASKED
    assert "Xem tất cả" not in draw(database, "/tasks")


def test_the_tasks_of_every_agency_are_in_its_list(sample_pointer: Path) -> None:
    opened = Database.open(sample_pointer)
    assert opened is not None
    with closing(opened):
        options = load_filter_options(opened, TODAY, "dong-thap")
        members = 0
        for agency in options.agencies:
            selected = filters.parse_filters({"plan": "dong-thap", "agency": agency}, options)
            view = PageView(selected, options.find_plan(selected.plan), TODAY, False)
            roles = list_agency_tasks(opened, replace(view.question, agency=agency))
            listed = {row.values[2] for row in build_task_list(opened, view).rows if ONLY_PART in row.flags}
            assert {task["task"] for _, task in roles} == listed, agency
            members += sum(role == "member" for role, _ in roles)
    assert members > 10


def list_pages_of_links(markup: str, base: str) -> Iterator[str]:
    """Yield the links of a page to pages, absolute within the site; no downloads and nothing outside."""
    for link in dict.fromkeys(map(html.unescape, ANY_LINK.findall(markup))):
        url = base + link if link.startswith("#") else link
        if url.startswith("/") and (urlsplit(url).path.strip("/") or pages.OVERVIEW) in RENDERERS:
            yield url


def get_shape(url: str) -> tuple[object, ...]:
    """Return what links of one kind have in common: the page and the names of its parameters."""
    address = urlsplit(url)
    return address.path, tuple(sorted(dict(parse_qsl(address.query)))), bool(address.fragment)


def test_every_kind_of_link_leads_to_something_that_has_its_fragment(database: Database) -> None:
    plan = load_filter_options(database, TODAY, None).plans[0].plan
    waiting = [*("/", "/tasks", "/findings", "/sources", "/targets", "/agency", "/province"), f"/agency?plan={plan}"]
    drawn: dict[str, str] = {}
    followed = Counter(map(get_shape, waiting))
    dead = []
    for url in waiting:  # which grows
        base, _, fragment = url.partition("#")
        markup = drawn.get(base) or drawn.setdefault(base, draw(database, base))
        ids = {html.unescape(name) for name in ID.findall(markup)}
        is_empty = "Không có gì để hiện" in markup and "ask=" not in base
        if (fragment and unquote(fragment) not in ids) or is_empty:
            dead.append(url)
        for link in list_pages_of_links(markup, base):
            followed[get_shape(link)] += 1
            if followed[get_shape(link)] <= MAX_LINKS_OF_A_KIND:
                waiting.append(link)
    assert not dead, "\n".join(dead)
    assert len(waiting) > 50
