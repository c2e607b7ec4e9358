"""Rows to fix as a table: row, agency, and for each of its cells what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.findings import Finding, SetAsideRowRecord
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
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
    return render_table(caption, columns, [_render_row(findings, view) for findings in rows])


def render_set_aside_table(caption: str, rows: Iterable[SetAsideRowRecord], view: PageView) -> Markup:
    """Return a table with one line for each sheet row that is no data."""
    columns = [
        ColumnHeader(view.t("Where")),
        ColumnHeader(view.t("What the row says")),
        ColumnHeader(view.t("Why it is no data")),
    ]
    lines: list[list[Child]] = [
        [
            _render_location(row["row"], row["tab"], row["source"], view),
            _render_value(row["value"]),
            tag("span", row["message"], title=row["reason"]),
        ]
        for row in rows
    ]
    return render_table(caption, columns, lines)


def _render_row(findings: Sequence[Finding], view: PageView) -> list[Child]:
    first = findings[0]
    state = "overdue" if first["outcome"] == "rejection" else "at_risk"
    location = _render_location(first["row"], first["tab"], first["source"], view)
    return [
        join([html.render_sign(state, None), " ", location]),
        _render_agency(first, view),
        join(_render_cell(finding) for finding in findings),
        formatting.format_moment(min(finding["recorded_at"] for finding in findings), view.lang),
    ]


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
