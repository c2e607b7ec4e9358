"""The page of entries: the list, or that of task reports, and of one target what each sync changed."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kpis.measures.attainment import compute_targets
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.entries.entry_list import MAX_FILE_ROWS, MAX_ROWS, build_entry_list
from kpis.ui.entries.history import render_history
from kpis.ui.entries.report_list import build_report_list
from kpis.ui.entries.target_trend import render_trend
from kpis.ui.province.plan_choices import render_plan_choices
from kpis.ui.shared import data, filter_options
from kpis.ui.shared.html import show_markup, tag
from kpis.ui.shared.lists.drawing import render_list
from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.search_fields import show_search
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, ONLY_EVERY_YEAR, ONLY_REPORTS, TableQuery


def show_entries(db: Database, rows_db: Database, view: PageView, query: TableQuery) -> None:
    """Draw the search field and the page; there is nothing to search before a plan is chosen."""
    if view.narrow_to_single_plan(filter_options.load_plan_choices(db)).filters.plan is not None:
        show_search(view, pages.ENTRIES, query)
    show_markup(render_entries(db, rows_db, view, query))


def render_entries(db: Database, rows_db: Database, view: PageView, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return the entries of a plan, an agency, a target; of a target what each sync changed. Without a plan its choice.

    `rows_db` has the rows that the viewer may see: an officer those of the own agencies alone.
    """
    view = view.narrow_to_single_plan(filter_options.load_plan_choices(db))
    if view.filters.plan is None:
        return data.call_cached(db, _render_plans, view)
    table = load_list(rows_db, view, query)
    history = render_history(db, view, rows_db, query.target) if query.target else None
    trend = data.call_cached(db, render_trend, view, query.target) if query.target else None
    return tag("div", render_list(table, view, query), trend, history, class_="kpis", lang=view.lang)


def _render_plans(db: Database, view: PageView) -> Markup:
    return render_plan_choices(compute_targets(db, replace(view.question, plans=None)), view, pages.ENTRIES)


def load_list(rows_db: Database, view: PageView, query: TableQuery) -> ListTable:
    """Return the entries of the view, or the task reports; the target and the years are asked of the database."""
    if ONLY_REPORTS in query.only:
        return data.call_cached(rows_db, build_report_list, view, MAX_ROWS)
    return data.call_cached(rows_db, build_entry_list, view, query.target, ONLY_EVERY_YEAR in query.only, MAX_ROWS)


def build_file_list(rows_db: Database, view: PageView, query: TableQuery) -> ListTable:
    """Return all entries of the view, for the workbook."""
    view = view.narrow_to_single_plan(filter_options.load_plan_choices(rows_db))
    return build_entry_list(rows_db, view, query.target, ONLY_EVERY_YEAR in query.only, MAX_FILE_ROWS)


def build_report_file(rows_db: Database, view: PageView) -> ListTable:
    """Return all task reports of the view, for the workbook."""
    view = view.narrow_to_single_plan(filter_options.load_plan_choices(rows_db))
    return build_report_list(rows_db, view, MAX_FILE_ROWS)
