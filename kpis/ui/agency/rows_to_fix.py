"""The rows of one agency that need fixing, with the cell and the message."""

from __future__ import annotations

from markupsafe import Markup

from kpis.measures.findings import list_rejections, list_warnings
from kpis.store.database import Database
from kpis.ui.findings.findings_table import group_by_row, render_findings_table
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView


def render_rows_to_fix(db: Database, view: PageView) -> Markup:
    """Return rejected rows, then rows with a warning; empty without an agency or such rows.

    `db` is the database for lists of rows: an officer's has those of the own agencies alone.
    """
    if view.filters.plan is None or view.filters.agency is None:
        return Markup()
    query = (view.lang, view.filters.plan, view.filters.agency, db.pointer, view.as_of)
    findings = [*list_rejections(db, *query), *list_warnings(db, *query)]
    if not findings:
        return Markup()
    caption = view.t("Red sign: not counted until fixed. Triangle: counted, please check it.")
    heading = tag("h2", view.t("Rows to fix"))
    return tag(
        "div",
        tag("section", heading, render_findings_table(caption, group_by_row(findings), view)),
        class_="kpis",
        lang=view.lang,
    )
