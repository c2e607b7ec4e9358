"""The overview of many plans: tiles, the ranking beside the grid of provinces, to do by indicator, changes."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.measures.indicator_todo import list_late_indicators
from kpis.measures.plan_ranking import rank_plans
from kpis.measures.register_facts import load_indicator_names
from kpis.measures.todo import LateAnswer, fetch_todo
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.figures import OverviewFigures, gather_overview
from kpis.ui.overview.indicator_todo import render_indicator_todo
from kpis.ui.overview.last_year import render_last_year
from kpis.ui.overview.ranking import render_ranking
from kpis.ui.overview.status_tiles import render_status_tiles
from kpis.ui.overview.tile_grid import render_tile_grid
from kpis.ui.overview.weekly_changes import render_weekly_changes
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.trends import render_count_trend

MAX_MATRIX_PLANS = 8
"""More plans than these are ranked by name: a matrix of them would be longer than a screen."""


def render_nation_overview(
    db: Database, view: PageView, plans: Sequence[PlanChoice], late_answers: Sequence[LateAnswer] = ()
) -> Markup:
    """Return the overview of more plans than a matrix can show."""
    figures = gather_overview(db, view, plans)
    by_id = {plan.plan: plan for plan in plans}
    names = {plan.plan: plan.name for plan in plans}
    standings = rank_plans(figures.rows, names, figures.read_plans)
    return tag(
        "div",
        render_last_year(db, view, figures.counted, pages.OVERVIEW),
        render_status_tiles(view, figures.counted_rows, figures.previous_rows),
        tag(
            "div",
            tag("div", render_ranking(view, standings, by_id), _render_todo(db, view, figures, names, late_answers)),
            render_tile_grid(view, standings, by_id),
            class_="kpis-nation",
        ),
        render_weekly_changes(view, figures.changes, names),
        render_count_trend(view, figures.weeks) if figures.weeks is not None else None,
        class_="kpis kpis-overview",
        lang=view.lang,
    )


def _render_todo(
    db: Database,
    view: PageView,
    figures: OverviewFigures,
    names: dict[str, str],
    late_answers: Sequence[LateAnswer],
) -> Markup:
    todo = fetch_todo(db, view.question, late_answers, rows=figures.rows, agency_rows=())
    provinces = {plan: name for plan, name in names.items() if plan in figures.counted}
    lines = list_late_indicators(figures.rows, provinces, figures.read_plans)
    return render_indicator_todo(view, todo, lines, load_indicator_names(db), names)
