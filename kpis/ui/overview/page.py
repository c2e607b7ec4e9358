"""The overview as one block of HTML, made once per version, filters, language and look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.language import clock
from kpis.measures.attainment import attainment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import earlier, last_sunday, since_last_week
from kpis.measures.data_availability import reach
from kpis.measures.owed import owed
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.last_year import last_year
from kpis.ui.overview.matrix import matrix
from kpis.ui.overview.status_tiles import comparable, tiles
from kpis.ui.overview.todo import todo
from kpis.ui.overview.weekly_changes import week
from kpis.ui.shared import data, filter_options
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View


def overview(db: Database, view: View) -> Markup:
    """Tiles, matrix, what to do now, what changed."""
    year, sunday = view.filters.year, last_sunday(view.as_of)
    rows = attainment(db, view.as_of, year=year)
    before = data.ask(db, earlier, sunday, clock.end_of_day(sunday), year=year)  # of seven days the same
    plans = [plan for plan in filter_options.plan_choices(db) if view.plan in (None, plan)]
    chosen = {plan.plan for plan in plans}
    # A ward is a line of its own: its targets are counted only where it alone is asked for.
    counted = {plan.plan for plan in plans if not plan.ward or view.plan}
    own, own_before = (
        _of(chosen, rows),
        replace(before, then=_of(chosen, before.then), now=_of(chosen, before.now)),
    )
    read = reach(db).read
    plan = view.filters.plan
    compared = year == view.as_of.year and view.as_of <= view.today
    changes = since_last_week(db, view.as_of, plan=plan, now=own, before=own_before) if compared else None
    return tag(
        "div",
        last_year(db, view, counted, pages.OVERVIEW),
        tiles(_of(counted, rows), _of(counted, before.then) if comparable(view) else None, view.lang),
        matrix(view, plans, rows, filter_options.indicator_names(db), read),
        tag(
            "div",
            todo(view, owed(own, view.as_of), plans, read) if own else None,
            week(view, changes, {plan.plan: plan.name for plan in plans}),
            class_="kpis-pair",
        ),
        class_="kpis kpis-overview",
        lang=view.lang,
    )


def _of(plans: Collection[str], rows: Sequence[Attainment]) -> list[Attainment]:
    return [row for row in rows if row["plan"] in plans]
