"""The page of explanations; it follows the ledger, so that a request is shown at the next click."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kpis.language.normalization import to_sort_key
from kpis.measures.explanations import STATE_ORDER, Explanation, ExplanationState
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.explanations.explanation_list import (
    build_explanation_list,
    build_table,
    find_shown_entries,
    list_explanations,
    name_places,
    render_agency,
)
from kpis.ui.shared import data, html, states
from kpis.ui.shared.html import show_markup, tag
from kpis.ui.shared.list_links import build_list_url, render_count, render_more
from kpis.ui.shared.lists.drawing import render_download, render_list
from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.search_fields import show_search
from kpis.ui.shared.lists.selecting import list_leads
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.wording import explanation_sentences as sentences

MAX_AGENCIES = 40
MAX_SHOWN = 12
"""Explanations that a page of a plan or an agency shows; all others are counted, with a link."""


def show_explanations(db: Database, view: PageView, query: TableQuery) -> None:
    """Draw the search field and the page."""
    show_search(view, pages.EXPLANATIONS, query, list_leads(load_list(db, view).rows))
    show_markup(render_explanations(db, view, query))


def load_list(db: Database, view: PageView) -> ListTable:
    """Return every explanation of the view."""
    return data.call_cached_by_ledger(db, build_explanation_list, view)


def render_explanations(db: Database, view: PageView, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return tiles by state, every explanation, and the agencies with what they owe."""
    table = load_list(db, view)
    if not table.rows:
        return states.render_empty(view.lang, view.t("Nobody was asked for an explanation, and none was given."))
    items = data.call_cached_by_ledger(db, list_explanations, view)
    return tag(
        "div",
        _render_tiles(items, view),
        render_list(table, view, query, has_tiles=True),
        _render_agencies(items, view, name_places(db, view)) if view.filters.agency is None else None,
        class_="kpis",
        lang=view.lang,
    )


def _render_tiles(items: Sequence[Explanation], view: PageView) -> Markup:
    counts = Counter(item.state for item in items)
    tiles = []
    for state in STATE_ORDER:
        if counts[state] or state in ("late", "open", "answered"):
            look, label = sentences.LOOKS[state], _format_title(state, view)
            url = build_list_url(view, pages.EXPLANATIONS, TableQuery(status=(state,)))
            count = tag("p", render_count(view, counts[state], url), class_="kpis-count")
            tiles.append(tag("li", html.render_status(look, label), count, class_=f"kpis-tile kpis-{look}"))
    heading = tag("h2", view.t("Explanations by state"), class_="kpis-hidden")
    return tag("section", heading, tag("ul", *tiles, class_="kpis-tiles"))


def _format_title(state: ExplanationState, view: PageView) -> str:
    label = sentences.get_state_label(state, view.lang)
    return label[:1].upper() + label[1:]


def _render_agencies(items: Sequence[Explanation], view: PageView, places: Mapping[str, str]) -> Markup | None:
    """Return the agencies with late or open requests, most late ones first."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for item in items:
        counts[item.plan, item.agency][item.state] += 1
    owing = [key for key, states_of in counts.items() if states_of["late"] or states_of["open"]]
    owing.sort(key=lambda key: (-counts[key]["late"], -counts[key]["open"], to_sort_key(key[1])))
    if not owing:
        return None
    columns = [
        ColumnHeader(view.t("Agency")),
        *(ColumnHeader(_format_title(state, view), "number") for state in STATE_ORDER[:3]),
    ]
    rows = []
    for plan, agency in owing:
        url = view.build_url(pages.EXPLANATIONS, plan=plan, agency=agency)
        numbers = [_render_count(counts[plan, agency][state], state, plan, agency, view) for state in STATE_ORDER[:3]]
        rows.append([render_agency(url, agency, places.get(plan)), *numbers])
    title = tag("h2", view.t("By agency"))
    download = TableName(pages.EXPLANATIONS, "by-agency", view.t("By agency"), view)
    caption = view.t("Agencies that have not answered yet.")
    return tag("section", title, render_table(caption, columns, rows, download=download, max_rows=MAX_AGENCIES))


def _render_count(number: int, state: ExplanationState, plan: str, agency: str, view: PageView) -> Markup:
    url = build_list_url(view, pages.EXPLANATIONS, TableQuery(status=(state,)), plan=plan, agency=agency)
    return render_count(view, number, url)


def render_section(db: Database, view: PageView) -> Markup:
    """Return the explanations of the plan or agency of another page, open ones first; empty without any."""
    items = data.call_cached_by_ledger(db, list_explanations, view)
    if not items:
        return Markup()
    table = build_table(items[:MAX_SHOWN], view, shown_entries=find_shown_entries(db, view))
    lines = [[cell.content for cell in row.cells] for row in table.rows]
    url = view.build_url(pages.EXPLANATIONS)
    more = render_more(view, len(items) - MAX_SHOWN, len(items), url)
    more_line = tag("p", more) if more else None
    title = tag("h2", html.render_link(url, view.t("Explanations")))
    link = render_download(table, view, NOTHING_ASKED)
    lines_table = render_table(table.caption, table.headers, lines)
    section = tag("section", title, lines_table, more_line, link, id="giai-trinh")
    return tag("div", section, class_="kpis", lang=view.lang)
