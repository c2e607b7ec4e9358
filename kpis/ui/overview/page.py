"""The overview as one block of HTML, cached per version, filters and language.

One plan has a view of its own, wherever configuration, filters and rights leave one; a nation of provinces another.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.measures.register_facts import load_indicator_names
from kpis.measures.todo import LateAnswer, fetch_todo
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.figures import OverviewFigures, gather_overview
from kpis.ui.overview.last_year import render_last_year
from kpis.ui.overview.late_answers import load_late_answers
from kpis.ui.overview.matrix import render_matrix
from kpis.ui.overview.nation_view import MAX_MATRIX_PLANS, render_nation_overview
from kpis.ui.overview.plan_view import render_plan_overview
from kpis.ui.overview.status_tiles import render_status_tiles
from kpis.ui.overview.todo import render_todo
from kpis.ui.overview.weekly_changes import render_weekly_changes
from kpis.ui.shared import data, filter_options
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import tag
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.trends import render_count_trend


def load_overview(db: Database, view: PageView) -> Markup:
    """Return the overview, cached by version, view and the answers that are late."""
    return data.call_cached(db, render_overview, view, load_late_answers(db, view))


@reads_one_plan
def render_overview(db: Database, view: PageView, late_answers: tuple[LateAnswer, ...] = ()) -> Markup:
    """Return the overview of the plans that configuration, filters and rights leave."""
    plans = filter_options.load_plan_choices(db)
    view = view.narrow_to_single_plan(plans)
    if view.plan is not None:
        return render_plan_overview(db, view, view.plan, late_answers)
    if len(plans) > MAX_MATRIX_PLANS:
        return render_nation_overview(db, view, plans, late_answers)
    return _render_plans(db, view, plans, late_answers)


def _render_plans(
    db: Database, view: PageView, plans: Sequence[PlanChoice], late_answers: Sequence[LateAnswer]
) -> Markup:
    """Return tiles, matrix, what to do now and what changed."""
    figures = gather_overview(db, view, plans)
    return tag(
        "div",
        render_last_year(db, view, figures.counted, pages.OVERVIEW),
        render_status_tiles(view, figures.counted_rows, figures.previous_rows),
        render_matrix(view, plans, figures.all_rows, load_indicator_names(db), figures.read_plans),
        _render_lists(db, view, figures, late_answers),
        render_count_trend(view, figures.weeks) if figures.weeks is not None else None,
        class_="kpis kpis-overview",
        lang=view.lang,
    )


def _render_lists(db: Database, view: PageView, figures: OverviewFigures, late_answers: Sequence[LateAnswer]) -> Markup:
    todo = fetch_todo(db, view.question, late_answers, rows=figures.rows, agency_rows=())
    return tag(
        "div",
        render_todo(view, todo, figures.plans) if figures.rows or todo.items else None,
        render_weekly_changes(view, figures.changes, {plan.plan: plan.name for plan in figures.plans}),
        class_="kpis-pair",
    )
