"""Lưới 34 tỉnh, thành: a tile for each province, roughly where it lies, with its worst status and overdue share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.measures.plan_ranking import Standing, add_standings
from kpis.register.province_grid import GridPlace, load_province_grid
from kpis.ui import pages
from kpis.ui.overview.ranking import format_met
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import TableQuery

COLUMNS = 5
"""The style sheet draws so many."""


def render_tile_grid(view: PageView, standings: Sequence[Standing], plans: Mapping[str, PlanChoice]) -> Markup:
    """Return the grid of the 34 provinces; one without a plan is an empty tile with its name."""
    by_province: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        if not plans[standing.plan].is_ward:
            by_province[plans[standing.plan].province].append(standing)
    tiles = [
        tag("li", class_="kpis-sea", aria_hidden="true") if place is None else _render_tile(view, place, by_province)
        for place in _iterate_cells(load_province_grid())
    ]
    note = view.t("Colour and sign: the worst status of any target. Bar: the overdue share. “9/16”: targets attained.")
    return tag(
        "section",
        tag("h2", view.t("The 34 provinces as tiles")),
        tag("ul", *tiles, class_="kpis-grid"),
        tag("p", note, class_="kpis-below"),
    )


def _iterate_cells(places: Sequence[GridPlace]) -> Iterator[GridPlace | None]:
    """Yield the places row by row, None where there is none."""
    by_cell = {(place.row, place.column): place for place in places}
    for row in range(1, max(place.row for place in places) + 1):
        yield from (by_cell.get((row, column)) for column in range(1, COLUMNS + 1))


def _render_tile(view: PageView, place: GridPlace, by_province: Mapping[str, Sequence[Standing]]) -> Markup:
    carries = tag("small", place.carries, class_="kpis-carries") if place.carries else None
    standings = by_province.get(place.province)
    if not standings:
        return tag("li", tag("span", place.province, class_="kpis-name"), carries, class_="kpis-absent")
    standing = add_standings(standings)
    name = html.render_link(_build_address(view, place.province, standings), place.province, class_="kpis-name")
    if len(standings) > 1:
        carries = join([tag("small", view.t("{n} plans", n=len(standings))), carries])
    if not standing.is_read or standing.worst is None:
        word = view.t("source not read") if not standing.is_read else view.t("no target this year")
        return tag("li", name, carries, tag("small", word), class_="kpis-unread", data_province=place.province)
    status = standing.worst
    figure = tag(
        "span",
        html.render_sign(status, f"{palette.get_status_label(status, view.lang)} "),
        format_met(view, standing),
        class_="kpis-figure",
    )
    bar = html.render_bar(float(standing.compute_share("overdue")), state="overdue")
    return tag("li", name, carries, figure, bar, class_=f"kpis-{status}", data_province=place.province)


def _build_address(view: PageView, province: str, standings: Sequence[Standing]) -> str:
    """Return the address of the province's plan; of several plans that of the choice among them."""
    if len(standings) == 1:
        return view.build_url(pages.OVERVIEW, plan=standings[0].plan, agency=None)
    return view.build_url(pages.PROVINCE, TableQuery(q=province), plan=None, agency=None)
