"""Who adds what to a target: its lead, roster, share-holders and whoever has an entry (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import URGENT_STATUSES, Attainment
from kpis.measures.owed import has_unknown_base
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.wording import target_figures

_MAX_ROWS = 24
"""Agencies that a target's table shows row by row."""


def render_contributions_table(
    row: Attainment, contributions: Sequence[Attainment], view: PageView
) -> Markup | None:
    """The agencies behind a target, folded; nothing where nobody is named and nobody reported."""
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
    reported = sum(part["entries"] > 0 for part in contributions)
    summary = view.t("Agencies: {n} of {all} have reported", n=reported, all=len(contributions))
    if has_unknown_base(row):  # nobody has said who "all" are
        summary = view.t("Agencies that have reported: {n}", n=reported)
    caption = view.t("What each agency adds to “{title}”.", title=target_figures.get_title(row, view.lang))
    return tag(
        "details",
        tag("summary", summary),
        render_table(caption, columns, [_render_row(part, view) for part in ordered[:_MAX_ROWS]]),
        _render_other_agencies(ordered[_MAX_ROWS:], view),
        class_="kpis-details",
    )


def _build_sort_key(contribution: Attainment) -> tuple[bool, int, object]:
    """Whoever still owes something of its own, then by what was reported."""
    return (
        contribution["status"] not in URGENT_STATUSES,
        -contribution["entries"],
        to_sort_key(contribution["agency"] or ""),
    )


def _render_other_agencies(contributions: Sequence[Attainment], view: PageView) -> Markup | None:
    """The rest in one paragraph, each with its entries: a hundred communes are a long table, twenty times."""
    if not contributions:
        return None
    told = (f"{part['agency']} {written.format_number(part['entries'], view.lang)}" for part in contributions)
    title = view.t(
        "{n} other agencies, with their entries:", n=written.format_number(len(contributions), view.lang)
    )
    return tag("p", tag("strong", title), " ", " · ".join(told), class_="kpis-small")


def _render_row(contribution: Attainment, view: PageView) -> list[Child]:
    agency = contribution["agency"] or ""
    status = contribution["status"]
    share = contribution["share"]
    return [
        html.render_link(view.build_url(pages.AGENCY, plan=contribution["plan"], agency=agency), agency),
        target_figures.format_own_contribution(contribution, view.lang),
        written.NO_VALUE if share is None else written.format_number(share, view.lang, 1),
        html.render_status(status, palette.get_status_label(status, view.lang))
        if status
        else written.NO_VALUE,
        written.format_number(contribution["entries"], view.lang),
    ]
