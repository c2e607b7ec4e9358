"""The overview of one plan: tiles, targets, departments × targets, communes, to do, changes, silent agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.measures.agency_activity import list_agency_activities
from kpis.measures.agency_kinds import AgencyKinds, load_agency_kinds
from kpis.measures.agency_lines import AgencyLine, build_agency_lines
from kpis.measures.attainment import compute_by_agency
from kpis.measures.attainment_rows import Attainment, select_targets
from kpis.measures.commune_summary import build_commune_summary
from kpis.measures.register_facts import load_indicator_names
from kpis.measures.task_status import compute_task_status
from kpis.measures.todo import LateAnswer, fetch_todo
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.commune_line import render_commune_line
from kpis.ui.overview.department_matrix import render_department_matrix
from kpis.ui.overview.figures import gather_overview
from kpis.ui.overview.last_year import render_last_year
from kpis.ui.overview.owner_todo import render_owner_todo
from kpis.ui.overview.silent_agencies import render_silent_agencies
from kpis.ui.overview.status_tiles import render_status_tiles
from kpis.ui.overview.target_rows import render_target_rows
from kpis.ui.overview.weekly_changes import render_weekly_changes
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.trends import render_count_trend

MAX_COMMUNE_ROWS = 3
"""A plan with so few communes (a ward's own) has them among its departments."""


def render_plan_overview(
    db: Database, view: PageView, plan: PlanChoice, late_answers: Sequence[LateAnswer] = ()
) -> Markup:
    """Return the overview of the plan of the view."""
    question = replace(view.question, agency=None)
    agency_rows = select_targets(compute_by_agency(db, question))
    figures = gather_overview(db, view, [plan], agency_rows)
    tasks = compute_task_status(db, question)
    kinds = load_agency_kinds(db, {plan.plan})
    lines = build_agency_lines(plan.plan, figures.rows, agency_rows, tasks, list_agency_activities(db, question), kinds)
    todo = fetch_todo(
        db, question, late_answers, rows=figures.rows, tasks=tasks, agency_rows=agency_rows, with_late_parts=True
    )
    return tag(
        "div",
        render_last_year(db, view, [plan.plan], pages.OVERVIEW),
        render_status_tiles(view, figures.rows, figures.previous_rows),
        render_target_rows(view, figures.rows, todo.items),
        *_render_agencies(db, view, figures.rows, lines, kinds),
        tag(
            "div",
            render_owner_todo(view, todo, kinds),
            render_weekly_changes(view, figures.changes, {plan.plan: plan.name}, with_silent=False),
            class_="kpis-pair",
        ),
        render_silent_agencies(view, figures.changes),
        render_count_trend(view, figures.weeks) if figures.weeks is not None else None,
        class_="kpis kpis-overview kpis-plan",
        lang=view.lang,
    )


def _render_agencies(
    db: Database, view: PageView, rows: Sequence[Attainment], lines: Sequence[AgencyLine], kinds: AgencyKinds
) -> list[Markup | None]:
    """Return departments × targets, then the communes; a few communes stand among the departments."""
    communes = len(kinds.list_communes(view.filters.plan or ""))
    are_rows = communes <= MAX_COMMUNE_ROWS
    departments = [line for line in lines if are_rows or not line.is_commune]
    summary = build_commune_summary(0 if are_rows else communes, lines, view.as_of)
    return [
        render_department_matrix(view, rows, departments, load_indicator_names(db)),
        render_commune_line(view, summary),
    ]
