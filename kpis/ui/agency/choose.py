"""Which agency: first the plan, then its agencies, with how much they reported."""

from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup

from kpis.language import format as written
from kpis.language.normal import sort_key
from kpis.measures.attainment import attainment, by_agency
from kpis.measures.rows import Attainment
from kpis.store.database import Database
from kpis.ui import html, pages
from kpis.ui.html import Child, tag
from kpis.ui.province.choose import choose as choose_plan
from kpis.ui.tables import Column, table
from kpis.ui.view import View


def choose(db: Database, view: View) -> Markup:
    """The agencies of the plan that lead, must take part, hold a share or have reported; first a plan."""
    if view.filters.plan is None:
        return choose_plan(attainment(db, view.as_of, year=view.filters.year), view, pages.AGENCY)
    rows = by_agency(db, view.as_of, year=view.filters.year, plan=view.filters.plan)
    agencies: dict[str, list[Attainment]] = defaultdict(list)
    for row in rows:
        agencies[row["agency"] or ""].append(row)
    columns = [
        Column(view.t("Agency")),
        Column(view.t("Targets it serves"), "number"),
        Column(view.t("Targets it reported on"), "number"),
        Column(view.t("Entries"), "number"),
    ]
    lines = [_line(name, agencies[name], view) for name in sorted(agencies, key=sort_key)]
    caption = view.t("Choose an agency: those that lead, must take part, hold a share or have reported.")
    return tag("div", table(caption, columns, lines), class_="kpis", lang=view.lang)


def _line(name: str, rows: list[Attainment], view: View) -> list[Child]:
    address = view.address(pages.AGENCY, plan=rows[0]["plan"], agency=name)
    return [
        html.link(address, name),
        written.number(len(rows), view.lang),
        written.number(sum(row["entries"] > 0 for row in rows), view.lang),
        written.number(sum(row["entries"] for row in rows), view.lang),
    ]
