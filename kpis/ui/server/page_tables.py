"""The pages whose tables can be downloaded: each is drawn as its reader sees it, and its tables are collected."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from kpis.settings import load_settings
from kpis.store.shared_files import find_files
from kpis.ui import pages
from kpis.ui.agency.agency_choices import render_agency_choices
from kpis.ui.agency.page import render_agency, render_entries_of_agency
from kpis.ui.agency.rows_to_fix import render_rows_to_fix
from kpis.ui.audit.content import load_audit, render_audit
from kpis.ui.entries.page import render_entries
from kpis.ui.explanations.page import render_explanations
from kpis.ui.frame.view_resolution import ResolvedView
from kpis.ui.overview.late_answers import load_late_answers
from kpis.ui.overview.page import load_overview
from kpis.ui.pack.comparison import find_pair, render_comparison
from kpis.ui.pack.edition_table import list_selected_editions, render_editions
from kpis.ui.pack.selection import find_selection
from kpis.ui.province.page import render_province
from kpis.ui.shared.entry_explanations import load_entry_explanations
from kpis.ui.shared.table_collection import CollectedTable, collect_tables
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.sources.page import render_sources


def _draw_province(seen: ResolvedView, _query: TableQuery) -> None:
    render_province(seen.database, seen.view, load_entry_explanations(seen.row_database, seen.view))


def _draw_agency(seen: ResolvedView, query: TableQuery) -> None:
    view, rows = seen.view, seen.row_database
    if view.filters.plan is None or view.filters.agency is None:
        render_agency_choices(seen.database, view, query)
        return
    late_answers = load_late_answers(rows, view, view.filters.agency)
    explanations, entries = load_entry_explanations(rows, view), render_entries_of_agency(rows, view)
    render_agency(seen.database, view, late_answers, explanations, entries)
    render_rows_to_fix(rows, view)


def _draw_audit(seen: ResolvedView, query: TableQuery) -> None:
    content = load_audit(find_files(load_settings(os.environ, read_only=True)))
    render_audit(content, content.select(query.lead or None, query.source or None), seen.view, query)


def _draw_pack(seen: ResolvedView, query: TableQuery) -> None:
    selection = find_selection(seen.database, seen.view, query)
    if selection is None:
        return
    render_editions(seen.view, selection, query)
    pair = find_pair(list_selected_editions(selection), query)
    if pair is not None:
        render_comparison(seen.view, pair.first, pair.second, query)


_PAGES: Mapping[str, Callable[[ResolvedView, TableQuery], object]] = {
    pages.OVERVIEW: lambda seen, _query: load_overview(seen.database, seen.view),
    pages.PROVINCE: _draw_province,
    pages.AGENCY: _draw_agency,
    pages.SOURCES: lambda seen, query: render_sources(seen.database, seen.view, query),
    pages.ENTRIES: lambda seen, query: render_entries(seen.database, seen.row_database, seen.view, query),
    pages.EXPLANATIONS: lambda seen, query: render_explanations(seen.row_database, seen.view, query),
    pages.AUDIT: _draw_audit,
    pages.PACK: _draw_pack,
}
"""What draws the tables of a page as its script does."""


def find_page(name: str) -> str:
    """Return the page on which a table of this name may stand; "" for none."""
    return next((page for page in _PAGES if name.startswith(f"{page}-")), "")


def find_table(name: str, seen: ResolvedView, query: TableQuery) -> CollectedTable | None:
    """Draw a page and return its table of a name; None if the page has no such table for this reader."""
    with collect_tables() as tables:
        _PAGES[find_page(name)](seen, query)
    return tables.get((name, query.target, query.source)) or tables.get((name, "", ""))


def find_scope_of_file(page: str, seen: ResolvedView, query: TableQuery) -> str | None:
    """Return the plan whose figures a file of a page holds; None for those of every plan that the reader sees.

    It is the plan of the filters, but where the page has a choice of its own or is about no plan.
    """
    if page == pages.PACK:
        selection = find_selection(seen.database, seen.view, query)
        return selection.plan if selection else None
    return None if page == pages.AUDIT else seen.view.filters.plan
