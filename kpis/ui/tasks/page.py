"""The page of tasks: its parts are cached per version, filters and language; what is asked of them is not."""

from __future__ import annotations

from markupsafe import Markup

from kpis.measures.register_facts import load_agencies_by_plan
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import data, states
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, load_entry_explanations
from kpis.ui.shared.html import show_markup, tag
from kpis.ui.shared.lists.drawing import render_list, render_side_list
from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.search_fields import show_search
from kpis.ui.shared.lists.selecting import list_leads
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.tasks.lead_table import build_lead_list
from kpis.ui.tasks.state_tiles import render_state_tiles
from kpis.ui.tasks.task_list import build_task_list, list_tasks


def show_tasks(db: Database, rows: Database, view: PageView, query: TableQuery) -> None:
    """Draw the search fields and the page; `rows` is the database for lists of rows."""
    explanations = load_entry_explanations(rows, view)
    show_search(view, pages.TASKS, query, list_leads(load_list(db, view, query, explanations).rows))
    show_markup(render_tasks(db, view, query, explanations))


def render_tasks(
    db: Database,
    view: PageView,
    query: TableQuery = NOTHING_ASKED,
    explanations: EntryExplanations = NO_EXPLANATIONS,
) -> Markup:
    """Return tiles by state, every task and a table by lead; only those of the chosen agency, if any."""
    table = load_list(db, view, query, explanations)
    if not table.rows:
        return states.render_empty(view.lang, _format_empty_reason(view))
    tiles, leads = data.call_cached(db, _build_overview, view)
    return tag(
        "div",
        tiles,
        render_list(table, view, query, has_tiles=True),
        render_side_list(leads, view, query),
        class_="kpis",
        lang=view.lang,
    )


def load_list(
    db: Database, view: PageView, query: TableQuery, explanations: EntryExplanations = NO_EXPLANATIONS
) -> ListTable:
    """Return every task of the view."""
    return data.call_cached(db, build_task_list, view, bool(query.change), explanations)


def load_lead_list(db: Database, view: PageView) -> ListTable:
    """Return the tasks of the view by lead."""
    return data.call_cached(db, _build_overview, view)[1]


@reads_one_plan
def _build_overview(db: Database, view: PageView) -> tuple[Markup, ListTable]:
    rows = list_tasks(db, view)
    agency = view.filters.agency
    return (
        render_state_tiles(rows, view, agency),
        build_lead_list(rows, view, load_agencies_by_plan(db, rows), agency),
    )


def _format_empty_reason(view: PageView) -> str:
    if view.filters.agency:
        return view.t(
            "{agency} leads and coordinates no annex task of this plan in {year}.",
            agency=view.filters.agency,
            year=view.filters.year,
        )
    if view.plan:
        return view.t("The plan of {place} has no annex tasks in {year}.", place=view.plan.name, year=view.filters.year)
    return view.t("No plan has annex tasks in {year}.", year=view.filters.year)
