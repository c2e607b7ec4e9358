"""How the year before ended: said in the first months of a year, whose own targets have only begun."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from kpis.language import format as written
from kpis.measures.attainment import attainment
from kpis.measures.rows import MET
from kpis.store.database import Database
from kpis.ui import html, states
from kpis.ui.view import View

_UNTIL = 3  # its last month


def last_year(db: Database, view: View, plans: Collection[str], page: str) -> Markup | None:
    """How many of its targets were attained, how many are overdue, and that `page` shows them."""
    year = view.as_of.year - 1
    if view.as_of.month > _UNTIL or view.filters.year != view.as_of.year:
        return None
    rows = [row for row in attainment(db, view.as_of, year=year) if row["plan"] in plans]
    ended = [row for row in rows if row["period_end"].year == year]
    if not ended:
        return None
    met = sum(row["status"] in MET for row in ended)
    late = sum(row["status"] == "overdue" for row in ended)
    numbers = {"met": written.number(met, view.lang), "all": written.number(len(ended), view.lang)}
    said = view.t(
        "Of the {all} targets that ended with {year}, {met} are attained and {late} overdue.",
        year=year,
        late=written.number(late, view.lang),
        **numbers,
    )
    there = html.link(view.address(page, year=year), view.t("See {year}.", year=year))
    return states.notices([states.notice(said, " ", there)])
