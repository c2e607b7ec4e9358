"""Rows to fix as a table: cell, agency, value entered, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.findings import Finding
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table

MAX_VALUE_LENGTH = 120
"""Characters shown of a value; the sheet has the rest."""


def render_findings_table(caption: str, findings: Iterable[Finding], view: PageView) -> Markup:
    """Return a table with one line per finding; a row with two codes has two."""
    columns = [
        ColumnHeader(view.t("Where")),
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("Value entered")),
        ColumnHeader(view.t("What to do")),
        ColumnHeader(view.t("Since")),
    ]
    return render_table(caption, columns, [_render_row(finding, view) for finding in findings])


def _render_row(finding: Finding, view: PageView) -> list[Child]:
    state = "overdue" if finding["outcome"] == "rejection" else "at_risk"
    return [
        join([html.render_sign(state, None), " ", _render_location(finding, view)]),
        _render_agency(finding, view),
        _render_value(finding["value"]),
        tag("span", finding["message"], title=finding["code"]),
        formatting.format_moment(finding["recorded_at"], view.lang),
    ]


def _render_location(finding: Finding, view: PageView) -> Markup:
    cell = finding["cell"] or view.t("row {row}", row=finding["row"])
    return tag("span", cell, tag("small", f"{finding['tab']} · {finding['source']}", class_="kpis-under"))


def _render_agency(finding: Finding, view: PageView) -> Child:
    if finding["agency"] is None:
        return tag("span", formatting.NO_VALUE, class_="kpis-quiet")
    return html.render_link(
        view.build_url(pages.AGENCY, plan=finding["plan"], agency=finding["agency"]), finding["agency"]
    )


def _render_value(value: str | None) -> Child:
    if not value:
        return tag("span", formatting.NO_VALUE, class_="kpis-quiet")
    return value if len(value) <= MAX_VALUE_LENGTH else value[:MAX_VALUE_LENGTH] + "…"
