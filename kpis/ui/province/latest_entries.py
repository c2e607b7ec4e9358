"""The latest entries of a plan, with their evidence."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.latest_entries import LatestEntry
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table
from kpis.wording import target_figures


def entries(rows: Sequence[LatestEntry], plan: str, view: View) -> Markup:
    """One line per entry, newest first."""
    heading = tag("h2", view.t("Latest entries"))
    if not rows:
        return tag("section", heading, tag("p", view.t("No entry by this day."), class_="kpis-quiet"))
    columns = [
        Column(view.t("Day")),
        Column(view.t("Agency")),
        Column(view.t("Target")),
        Column(view.t("Quantity"), "number"),
        Column(view.t("Content")),
        Column(view.t("Evidence")),
        Column(view.t("Recorded")),
    ]
    caption = view.t("The newest {n}, by the day they happened.", n=len(rows))
    return tag("section", heading, table(caption, columns, [_line(row, plan, view) for row in rows]))


def _line(row: LatestEntry, plan: str, view: View) -> list[Child]:
    evidence = row["evidence"]
    return [
        view.day(row["occurred_on"]),
        html.link(view.address(pages.AGENCY, plan=plan, agency=row["agency"]), row["agency"]),
        target_figures.title(row, view.lang),
        _quantity(row, view),
        row["content"] or "",
        html.evidence(evidence) if evidence else tag("span", written.NOTHING, class_="kpis-quiet"),
        written.moment(row["recorded_at"], view.lang),
    ]


def _quantity(row: LatestEntry, view: View) -> Child:
    if row["measure"] == "milestone":
        return view.t("done") if row["quantity"] else view.t("not done")
    shown = written.number(row["quantity"], view.lang)
    if row["denominator"] is None:
        return shown
    return join([shown, "/", written.number(row["denominator"], view.lang)])
