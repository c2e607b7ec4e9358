"""Rows to fix as a table: row, agency, and for each of its cells what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.findings import Finding, SetAsideRowRecord
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.tables import ColumnHeader, render_table

MAX_VALUE_LENGTH = 120
"""Characters shown of a value; the sheet has the rest."""


def group_by_row(findings: Iterable[Finding]) -> list[Sequence[Finding]]:
    """Return the findings of each sheet row together, in their order."""
    groups: dict[tuple[str, str, int], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding["source"], finding["tab"], finding["row"]), []).append(finding)
    return list(groups.values())


def render_findings_table(caption: str, rows: Iterable[Sequence[Finding]], view: PageView) -> Markup:
    """Return a table with one block for each sheet row (see `group_by_row`), its cells inside."""
    columns = [
        ColumnHeader(view.t("Where")),
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("What to do")),
        ColumnHeader(view.t("Since")),
    ]
    lines = [render_finding_cells(findings, view) for findings in rows]
    download = TableName(pages.AGENCY, "rows-to-fix", view.t("Rows to fix"), view)
    return render_table(caption, columns, lines, download=download, folded_on_phone=True)


def render_set_aside_cells(row: SetAsideRowRecord, view: PageView) -> tuple[Child, ...]:
    """Return place, agency (none), what a row says and why it is no data, and since when."""
    message = tag("span", row["message"], title=row["reason"])
    return (
        _render_location(row["row"], row["tab"], row["source"], view),
        tag("span", formatting.NO_VALUE, class_="kpis-quiet"),
        tag("div", message, tag("small", _render_value(row["value"]), class_="kpis-under")),
        formatting.format_moment(row["recorded_at"], view.lang),
    )


def render_finding_cells(findings: Sequence[Finding], view: PageView) -> tuple[Child, ...]:
    """Return place, agency, what to do about each cell of a sheet row, and since when."""
    first = findings[0]
    state = "overdue" if first["outcome"] == "rejection" else "at_risk"
    location = _render_location(first["row"], first["tab"], first["source"], view)
    return (
        join([html.render_sign(state, None), " ", location]),
        _render_agency(first, view),
        join(_render_cell(finding) for finding in findings),
        formatting.format_moment(get_first_moment(findings), view.lang),
    )


def get_first_moment(findings: Sequence[Finding]) -> datetime:
    """Return when the first of them was read."""
    return min(finding["recorded_at"] for finding in findings)


def _render_cell(finding: Finding) -> Markup:
    """Return what to do about one cell, and below it what the cell says."""
    value = tag("small", _render_value(finding["value"]), class_="kpis-under") if finding["value"] else None
    return tag("div", tag("span", finding["message"], title=finding["code"]), value)


def _render_location(row: int, tab: str, source: str, view: PageView) -> Markup:
    number = view.t("row {row}", row=row)
    return tag("span", number, tag("small", f"{tab} · {source}", class_="kpis-under"))


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
