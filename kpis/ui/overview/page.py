"""The overview as one block of HTML, made once per version, filters, language and look."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from kpis.measures.attainment import attainment
from kpis.store.database import Database
from kpis.ui import scope
from kpis.ui.html import tag
from kpis.ui.overview.matrix import matrix, shared
from kpis.ui.overview.tiles import tiles
from kpis.ui.view import View


def overview(db: Database, view: View) -> Markup:
    """Tiles, matrix, what to do now, what changed."""
    rows = attainment(db, view.as_of, year=view.filters.year)
    before = attainment(db, view.as_of - timedelta(days=7), year=view.filters.year)
    names = scope.indicator_names(db)
    columns = shared(rows, list(names))
    plans = [plan for plan in scope.plan_choices(db) if view.plan in (None, plan)]
    chosen = {plan.plan for plan in plans}
    counted = {plan.plan for plan in plans if not plan.ward or view.plan}
    return tag(
        "div",
        tiles(
            [row for row in rows if row["plan"] in counted],
            [row for row in before if row["plan"] in counted],
            view.lang,
        ),
        matrix(view, plans, [row for row in rows if row["plan"] in chosen], columns, names),
        class_="kpis",
        lang=view.lang,
    )
