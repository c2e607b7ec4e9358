"""Rows to mend as a table: where it stands, whose it is, what was typed, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.findings import Finding
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table

LONGEST = 120
"""Letters of a typed value that are shown; the sheet holds the rest."""


def rows_table(caption: str, found: Iterable[Finding], view: View) -> Markup:
    """One line per code on a row."""
    columns = [
        Column(view.t("Where")),
        Column(view.t("Agency")),
        Column(view.t("Typed")),
        Column(view.t("What to do")),
        Column(view.t("Since")),
    ]
    return table(caption, columns, [_line(one, view) for one in found])


def _line(one: Finding, view: View) -> list[Child]:
    state = "overdue" if one["outcome"] == "rejection" else "at_risk"
    return [
        join([html.sign(state, None), " ", _where(one, view)]),
        _agency(one, view),
        _typed(one["value"]),
        tag("span", one["message"], title=one["code"]),
        written.moment(one["recorded_at"], view.lang),
    ]


def _where(one: Finding, view: View) -> Markup:
    cell = one["cell"] or view.t("row {row}", row=one["row"])
    return tag("span", cell, tag("small", f"{one['tab']} · {one['source']}", class_="kpis-under"))


def _agency(one: Finding, view: View) -> Child:
    if one["agency"] is None:
        return tag("span", written.NOTHING, class_="kpis-quiet")
    return html.link(view.address(pages.AGENCY, plan=one["plan"], agency=one["agency"]), one["agency"])


def _typed(value: str | None) -> Child:
    if not value:
        return tag("span", written.NOTHING, class_="kpis-quiet")
    return value if len(value) <= LONGEST else value[:LONGEST] + "…"
