"""The rows of one agency that want mending, with the cell and the sentence."""

from __future__ import annotations

from markupsafe import Markup

from kpis.measures.findings import list_rejections, list_warnings
from kpis.store.database import Database
from kpis.ui.findings.findings_table import render_findings_table
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView


def render_rows_to_fix(db: Database, view: PageView) -> Markup:
    """What was sent back first, then what counts but needs a look; empty without an agency or such rows."""
    if view.filters.plan is None or view.filters.agency is None:
        return Markup()
    asked = (view.lang, view.filters.plan, view.filters.agency, db.pointer)
    found = [*list_rejections(db, *asked), *list_warnings(db, *asked)]
    if not found:
        return Markup()
    caption = view.t("A red sign: not counted until mended. A triangle: counted, please look again.")
    heading = tag("h2", view.t("Rows to mend"))
    return tag(
        "div",
        tag("section", heading, render_findings_table(caption, found, view)),
        class_="kpis",
        lang=view.lang,
    )
