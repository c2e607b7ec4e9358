"""The page of tasks as one block of HTML, cached per version, filters and language."""

from __future__ import annotations

from markupsafe import Markup

from kpis.measures.clauses import load_clauses
from kpis.measures.register_facts import load_agencies_by_plan
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.ui.shared import states
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.tasks.lead_table import render_tasks_by_lead
from kpis.ui.tasks.state_tiles import render_state_tiles
from kpis.ui.tasks.task_table import render_tasks_by_section


def render_tasks(db: Database, view: PageView) -> Markup:
    """Return tiles by state, a table by lead and every task; only those of the chosen agency, if any."""
    rows = compute_task_status(db, view.question)
    agency = view.filters.agency
    rows = [row for row in rows if agency is None or agency in row["leads"] or agency in row["coordinators"]]
    if not rows:
        return states.render_empty(view.lang, _format_empty_reason(view))
    return tag(
        "div",
        render_state_tiles(rows, view),
        render_tasks_by_lead(rows, view, load_agencies_by_plan(db, rows)),
        render_tasks_by_section(rows, view, load_clauses(db, view.filters.plan)),
        class_="kpis",
        lang=view.lang,
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
