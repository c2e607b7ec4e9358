"""The overview as one block of HTML, cached per version, filters and language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.measures.attainment import compute_targets
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import build_last_week_question, compare_with_last_week, compute_baseline_rows
from kpis.measures.data_availability import get_data_availability
from kpis.measures.register_facts import load_indicator_names
from kpis.measures.todo import fetch_todo
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.last_year import render_last_year
from kpis.ui.overview.matrix import render_matrix
from kpis.ui.overview.status_tiles import is_week_comparable, render_status_tiles
from kpis.ui.overview.todo import render_todo
from kpis.ui.overview.weekly_changes import render_weekly_changes
from kpis.ui.shared import data, filter_options
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView


def render_overview(db: Database, view: PageView) -> Markup:
    """Return tiles, matrix, what to do now and what changed."""
    about_all = replace(view.question, plans=None)
    rows = compute_targets(db, about_all)
    # Cached: the same on all seven days of a week, and for the page of every province.
    baseline = data.call_cached(db, compute_baseline_rows, build_last_week_question(about_all))
    plans = [plan for plan in filter_options.load_plan_choices(db) if view.plan in (None, plan)]
    plan_ids = {plan.plan for plan in plans}
    # A ward is a line of its own: its targets are counted only if it is the chosen plan.
    counted = {plan.plan for plan in plans if not plan.is_ward or view.plan}
    chosen_rows = _filter_by_plans(plan_ids, rows)
    chosen_baseline = replace(
        baseline,
        known_rows=_filter_by_plans(plan_ids, baseline.known_rows),
        current_rows=_filter_by_plans(plan_ids, baseline.current_rows),
    )
    read_plans = get_data_availability(db).plans_read
    todo = fetch_todo(db, view.question, rows=chosen_rows, agency_rows=())
    changes = None
    if view.filters.year == view.as_of.year and view.as_of <= view.today:
        changes = compare_with_last_week(db, view.question, current_rows=chosen_rows, baseline=chosen_baseline)
    return tag(
        "div",
        render_last_year(db, view, counted, pages.OVERVIEW),
        render_status_tiles(
            _filter_by_plans(counted, rows),
            _filter_by_plans(counted, baseline.known_rows) if is_week_comparable(view) else None,
            view.lang,
        ),
        render_matrix(view, plans, rows, load_indicator_names(db), read_plans),
        tag(
            "div",
            render_todo(view, todo, plans) if chosen_rows or todo.items else None,
            render_weekly_changes(view, changes, {plan.plan: plan.name for plan in plans}),
            class_="kpis-pair",
        ),
        class_="kpis kpis-overview",
        lang=view.lang,
    )


def _filter_by_plans(plans: Collection[str], rows: Sequence[Attainment]) -> list[Attainment]:
    return [row for row in rows if row["plan"] in plans]
