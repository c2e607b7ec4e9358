"""Which agency: those of the plan chosen, or of every plan, with what they added and when they last did."""

from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup

from kpis.language import format as written
from kpis.language.normal import sort_key
from kpis.measures.attainment import by_agency
from kpis.measures.rows import Attainment
from kpis.store.database import Database
from kpis.ui import html, pages
from kpis.ui.html import Child, tag
from kpis.ui.tables import Column, Group, Row, table
from kpis.ui.view import View


def choose(db: Database, view: View) -> Markup:
    """The agencies that lead, stand on a roster, hold a share or have an entry, by plan, alphabetically."""
    rows = by_agency(db, view.as_of, year=view.filters.year, plan=view.filters.plan)
    by_place: dict[tuple[bool, str, str], dict[str, list[Attainment]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        by_place[row["kind"] == "ward", row["place"], row["plan"]][row["agency"] or ""].append(row)
    columns = [
        Column(view.t("Agency")),
        Column(view.t("Targets it serves"), "number"),
        Column(view.t("Targets it reported on"), "number"),
        Column(view.t("Entries"), "number"),
    ]
    lines: list[Row] = []
    for key in sorted(by_place, key=lambda key: (key[0], sort_key(key[1]))):
        lines.append(Group(key[1][:1].upper() + key[1][1:]))
        agencies = by_place[key]
        lines.extend(_line(name, agencies[name], view) for name in sorted(agencies, key=sort_key))
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
