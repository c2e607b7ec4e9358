"""How the year before ended: said in the first months of a year, whose own targets have only begun."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from kpis.measures.attainment import compute_attainment
from kpis.store.database import Database
from kpis.ui.shared import data, html, states
from kpis.ui.shared.page_view import PageView
from kpis.wording import year_end

_LAST_MONTH = 3  # its last month


def render_last_year(db: Database, view: PageView, plans: Collection[str], page: str) -> Markup | None:
    """How many of its targets were attained, how many are overdue, and that `page` shows them."""
    year = view.as_of.year - 1
    if view.as_of.month > _LAST_MONTH or view.filters.year != view.as_of.year:
        return None
    rows = data.call_cached(
        db, compute_attainment, view.as_of, year=year
    )  # every page asks the same of all plans
    said = year_end.format_sentence([row for row in rows if row["plan"] in plans], year, view.lang)
    there = html.render_link(view.build_url(page, year=year), view.t("See {year}.", year=year))
    return states.render_notices([states.render_notice(said, " ", there)]) if said else None
