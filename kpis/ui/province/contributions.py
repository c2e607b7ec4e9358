"""What each agency adds to a target: lead, roster, agencies with a share or an entry (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import URGENT_STATUSES, Attainment
from kpis.measures.owed import has_unknown_base
from kpis.measures.predecessors import NO_PARTS, PredecessorParts
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import link_to_entries, render_count
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.wording import doubt_sentences, target_figures
from kpis.wording.predecessors import format_parts

_MAX_ROWS = 24
"""Agencies that the table shows as rows; the rest follow in one paragraph."""


def render_contributions_table(
    row: Attainment, contributions: Sequence[Attainment], view: PageView, parts: PredecessorParts = NO_PARTS
) -> Markup | None:
    """Return the collapsed table of the agencies of a target; None if there are none."""
    if not contributions:
        return None
    columns = [
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("Adds"), "number"),
        ColumnHeader(view.t("Share"), "number"),
        ColumnHeader(view.t("Status")),
        ColumnHeader(view.t("Entries"), "number"),
    ]
    ordered = sorted(contributions, key=_build_sort_key)
    title = target_figures.get_title(row, view.lang)
    caption = view.t("What each agency adds to “{title}”.", title=title)
    lines = (_render_row(contribution, parts, view) for contribution in ordered)
    query = TableQuery(target=row["target"])
    download = TableName(pages.PROVINCE, "contributions", title, view, query)
    return tag(
        "details",
        tag("summary", _format_summary(row, contributions, view)),
        render_table(caption, columns, lines, download=download, max_rows=_MAX_ROWS),
        _render_other_agencies(ordered[_MAX_ROWS:], view),
        class_="kpis-details",
    )


def render_added(row: Attainment, parts: PredecessorParts, view: PageView) -> Child:
    """Return what an agency adds to a target, and how much of it its predecessors had reported."""
    added = target_figures.format_own_contribution(row, view.lang)
    note = format_parts(parts.list_of(row), view.lang)
    return join([added, tag("small", note, class_="kpis-under")]) if note else added


def _format_summary(row: Attainment, contributions: Sequence[Attainment], view: PageView) -> str:
    """Return how many agencies have reported; of a roster its own members, as in the figure, and others apart."""
    reported = sum(contribution["entries"] > 0 for contribution in contributions)
    if has_unknown_base(row):  # who "all" are is not known
        return view.t("Agencies that have reported: {n}", n=reported)
    if not row["is_proportion"] or not row["roster_size"]:
        return view.t("Agencies: {n} of {all} have reported", n=reported, all=len(contributions))
    members = row["roster_reported"]
    summary = view.t("Agencies: {n} of {all} have reported", n=members, all=row["roster_size"])
    if reported == members:
        return summary
    return f"{summary}; {view.t('{n} more outside the list', n=reported - members)}"


def _build_sort_key(contribution: Attainment) -> tuple[bool, int, object]:
    """Sort agencies that still owe something first, then by number of entries."""
    return (
        contribution["status"] not in URGENT_STATUSES,
        -contribution["entries"],
        to_sort_key(contribution["agency"] or ""),
    )


def _render_other_agencies(contributions: Sequence[Attainment], view: PageView) -> Markup | None:
    """Return the other agencies in one paragraph; a hundred communes make too long a table per target."""
    if not contributions:
        return None
    agencies = (
        f"{contribution['agency']} {formatting.format_number(contribution['entries'], view.lang)}"
        for contribution in contributions
    )
    number = formatting.format_number(len(contributions), view.lang)
    title = view.t("{n} other agencies, with their entries:", n=number)
    return tag("p", tag("strong", title), " ", " · ".join(agencies), class_="kpis-small")


def _render_row(contribution: Attainment, parts: PredecessorParts, view: PageView) -> list[Child]:
    agency = contribution["agency"] or ""
    status = contribution["status"]
    share = contribution["share"]
    return [
        html.render_link(view.build_url(pages.AGENCY, plan=contribution["plan"], agency=agency), agency),
        render_added(contribution, parts, view),
        formatting.NO_VALUE if share is None else formatting.format_number(share, view.lang, 1),
        html.render_status(status, doubt_sentences.format_status(contribution, view.lang))
        if status
        else doubt_sentences.format_sign(contribution) or formatting.NO_VALUE,
        render_count(
            view,
            contribution["entries"],
            link_to_entries(view, target=contribution["target"], plan=contribution["plan"], agency=agency),
        ),
    ]
