"""How the year before ended: said in the first months of a year, whose own targets have only begun."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from kpis.measures.attainment import attainment
from kpis.store.database import Database
from kpis.ui.shared import data, html, states
from kpis.ui.shared.page_view import View
from kpis.wording import year_end

_UNTIL = 3  # its last month


def last_year(db: Database, view: View, plans: Collection[str], page: str) -> Markup | None:
    """How many of its targets were attained, how many are overdue, and that `page` shows them."""
    year = view.as_of.year - 1
    if view.as_of.month > _UNTIL or view.filters.year != view.as_of.year:
        return None
    rows = data.ask(db, attainment, view.as_of, year=year)  # every page asks the same of all plans
    said = year_end.sentence([row for row in rows if row["plan"] in plans], year, view.lang)
    there = html.link(view.address(page, year=year), view.t("See {year}.", year=year))
    return states.notices([states.notice(said, " ", there)]) if said else None
