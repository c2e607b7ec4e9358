"""The overview as one block of HTML, made once per version, filters, language and look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.language import clock
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import compare_with_last_week, compute_baseline_rows, find_last_sunday
from kpis.measures.data_availability import get_data_availability
from kpis.measures.owed import list_owed
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
    """Tiles, matrix, what to do now, what changed."""
    year, sunday = view.filters.year, find_last_sunday(view.as_of)
    rows = compute_attainment(db, view.as_of, year=year)
    before = data.call_cached(
        db, compute_baseline_rows, sunday, clock.get_end_of_day(sunday), year=year
    )  # of seven days the same
    plans = [plan for plan in filter_options.load_plan_choices(db) if view.plan in (None, plan)]
    chosen = {plan.plan for plan in plans}
    # A ward is a line of its own: its targets are counted only where it alone is asked for.
    counted = {plan.plan for plan in plans if not plan.is_ward or view.plan}
    own, own_before = (
        _filter_by_plans(chosen, rows),
        replace(
            before,
            known_rows=_filter_by_plans(chosen, before.known_rows),
            current_rows=_filter_by_plans(chosen, before.current_rows),
        ),
    )
    read = get_data_availability(db).plans_read
    plan = view.filters.plan
    compared = year == view.as_of.year and view.as_of <= view.today
    changes = (
        compare_with_last_week(db, view.as_of, plan=plan, current_rows=own, baseline=own_before)
        if compared
        else None
    )
    return tag(
        "div",
        render_last_year(db, view, counted, pages.OVERVIEW),
        render_status_tiles(
            _filter_by_plans(counted, rows),
            _filter_by_plans(counted, before.known_rows) if is_week_comparable(view) else None,
            view.lang,
        ),
        render_matrix(view, plans, rows, filter_options.load_indicator_names(db), read),
        tag(
            "div",
            render_todo(view, list_owed(own, view.as_of), plans, read) if own else None,
            render_weekly_changes(view, changes, {plan.plan: plan.name for plan in plans}),
            class_="kpis-pair",
        ),
        class_="kpis kpis-overview",
        lang=view.lang,
    )


def _filter_by_plans(plans: Collection[str], rows: Sequence[Attainment]) -> list[Attainment]:
    return [row for row in rows if row["plan"] in plans]
