"""Many plans in one screen, the worst first, and the same as a table for screen readers and print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.attainment_rows import MET_STATUSES, TargetStatus
from kpis.measures.plan_ranking import Standing
from kpis.ui import pages
from kpis.ui.overview.status_tiles import TILE_STATUSES
from kpis.ui.shared import html
from kpis.ui.shared.cell_values import to_cell_value
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.list_links import link_to_targets, render_count
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName, offer_table
from kpis.ui.shared.tables import ColumnHeader, render_table

_COUNTED: tuple[TargetStatus, ...] = ("overdue", "behind", "no_data")
"""The statuses by whose share the plans are sorted, each with its number where it is not 0."""


def render_ranking(view: PageView, standings: Sequence[Standing], plans: Mapping[str, PlanChoice]) -> Markup:
    """Return provinces, then plans of wards apart, each the worst first; never read ones last, in grey."""
    provinces = [standing for standing in standings if not plans[standing.plan].is_ward]
    wards = [standing for standing in standings if plans[standing.plan].is_ward]
    names = {plan: choice.name for plan, choice in plans.items()}
    return tag(
        "section",
        tag("h2", view.t("Provinces, the worst first")),
        _render_list(view, provinces, names),
        [tag("h3", view.t("Wards, counted separately")), _render_list(view, wards, names)] if wards else None,
        _render_legend(view, standings),
        _render_table(view, standings, names),
    )


def _render_legend(view: PageView, standings: Sequence[Standing]) -> Markup:
    """Return the words of the signs that stand in the lines, and what the last figure is."""
    signs = [
        html.render_status(status, palette.get_status_label(status, view.lang))
        for status in _COUNTED
        if any(standing.is_read and standing.counts[status] for standing in standings)
    ]
    return tag("p", *signs, tag("span", view.t("“9/16”: targets attained.")), class_="kpis-below kpis-legend")


def _render_list(view: PageView, standings: Sequence[Standing], names: Mapping[str, str]) -> Markup:
    return tag("ol", *(_render_line(view, standing, names) for standing in standings), class_="kpis-ranking")


def _render_line(view: PageView, standing: Standing, names: Mapping[str, str]) -> Markup:
    address = view.build_url(pages.OVERVIEW, plan=standing.plan, agency=None)
    link = html.render_link(address, names[standing.plan])
    if not standing.is_read:
        return tag("li", link, tag("span", view.t("source not read"), class_="kpis-quiet"), class_="kpis-unread")
    counts = [
        tag(
            "span",
            html.render_sign(status, f"{palette.get_status_label(status, view.lang)} "),
            render_count(view, standing.counts[status], _link_to_targets(view, standing, (status,))),
            class_=f"kpis-{status}",
        )
        for status in _COUNTED
        if standing.counts[status]
    ]
    return tag(
        "li",
        link,
        tag("span", *counts, class_="kpis-tallies"),
        tag(
            "span",
            render_count(view, standing.met, _link_to_targets(view, standing, MET_STATUSES)),
            f"/{formatting.format_number(standing.judged, view.lang)}",
            html.render_hidden_text(" ", view.t("attained")),
            class_="kpis-number",
        ),
        data_plan=standing.plan,
    )


def _link_to_targets(view: PageView, standing: Standing, statuses: Iterable[str]) -> str:
    return link_to_targets(view, status=statuses, plan=standing.plan, agency=None)


def format_met(view: PageView, standing: Standing) -> str:
    """Return "9/16": how many of the judged targets are attained."""
    met, judged = (formatting.format_number(number, view.lang) for number in (standing.met, standing.judged))
    return f"{met}/{judged}"


def _render_table(view: PageView, standings: Sequence[Standing], names: Mapping[str, str]) -> Markup:
    """Return the ranking as a table, for screen readers and print."""
    columns = [
        ColumnHeader(view.t("Province or ward")),
        *(ColumnHeader(palette.get_status_label(status, view.lang), "number") for status in TILE_STATUSES),
        ColumnHeader(view.t("Targets"), "number"),
    ]
    rows = [_build_row(view, standing, names[standing.plan]) for standing in standings]
    caption = view.t("Targets of each plan by status, the worst plan first")
    titles = [column.title for column in columns]
    link = offer_table(
        TableName(pages.OVERVIEW, "ranking", view.t("Provinces, the worst first"), view),
        titles,
        lambda: [
            [to_cell_value(cell, column.kind, view.lang) for column, cell in zip(columns, row, strict=True)]
            for row in rows
        ],
    )
    return tag("div", render_table(caption, columns, rows), class_="kpis-hidden kpis-printed") + (link or Markup())


def _build_row(view: PageView, standing: Standing, name: str) -> list[Child]:
    if not standing.is_read:
        return [name, view.t("source not read"), *[""] * len(TILE_STATUSES)]
    counts: dict[TargetStatus, int] = {**standing.counts, "attained": standing.met}
    numbers = [*(counts[status] for status in TILE_STATUSES), standing.judged]
    return [name, *(formatting.format_number(number, view.lang) for number in numbers)]
