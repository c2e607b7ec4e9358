"""The latest entries of a plan, with their evidence."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.latest_entries import LatestEntry
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.entry_cells import render_quantity
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import fold_table_on_phone
from kpis.ui.shared.table_downloads import render_download_link
from kpis.ui.shared.table_query import ONLY_EVERY_YEAR, TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.wording import target_figures


def render_latest_entries(rows: Sequence[LatestEntry], plan: str, view: PageView) -> Markup:
    """Return a table with one line per entry, newest first."""
    heading = tag("h2", view.t("Latest entries"))
    if not rows:
        return tag("section", heading, tag("p", view.t("No entry by this day."), class_="kpis-quiet"))
    columns = [
        ColumnHeader(view.t("Day")),
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("Target")),
        ColumnHeader(view.t("Quantity"), "number"),
        ColumnHeader(view.t("Content")),
        ColumnHeader(view.t("Evidence")),
        ColumnHeader(view.t("Recorded")),
    ]
    caption = view.t("The newest {n}, by date of the activity.", n=len(rows))
    table = render_table(caption, columns, [_render_row(row, plan, view) for row in rows])
    link = render_download_link("entries", pages.ENTRIES, view, TableQuery(only=(ONLY_EVERY_YEAR,)))
    return tag("section", heading, fold_table_on_phone(join([table, link]), len(rows), view))


def _render_row(row: LatestEntry, plan: str, view: PageView) -> list[Child]:
    evidence = row["evidence"]
    return [
        view.format_day(row["occurred_on"]),
        html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=row["agency"]), row["agency"]),
        target_figures.get_title(row, view.lang),
        render_quantity(row, view),
        row["content"] or "",
        html.render_evidence(evidence) if evidence else tag("span", formatting.NO_VALUE, class_="kpis-quiet"),
        formatting.format_moment(row["recorded_at"], view.lang),
    ]
