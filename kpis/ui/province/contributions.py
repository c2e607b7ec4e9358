"""Who adds what to a target: its lead, roster, share-holders and whoever has an entry (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.normalization import sort_key
from kpis.measures.attainment_rows import PRESSING, Attainment
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table
from kpis.wording import ratios, target_figures

_IN_ROWS = 24
"""Agencies that a target's table shows row by row."""


def parts_table(row: Attainment, parts: Sequence[Attainment], view: View) -> Markup | None:
    """The agencies behind a target, folded; nothing where nobody is named and nobody reported."""
    if not parts:
        return None
    columns = [
        Column(view.t("Agency")),
        Column(view.t("Adds"), "number"),
        Column(view.t("Share"), "number"),
        Column(view.t("Status")),
        Column(view.t("Entries"), "number"),
    ]
    ordered = sorted(parts, key=_order)
    reported = sum(part["entries"] > 0 for part in parts)
    summary = view.t("Agencies: {n} of {all} have reported", n=reported, all=len(parts))
    if ratios.is_open(row):  # nobody has said who "all" are
        summary = view.t("Agencies that have reported: {n}", n=reported)
    caption = view.t("What each agency adds to “{title}”.", title=target_figures.title(row, view.lang))
    return tag(
        "details",
        tag("summary", summary),
        table(caption, columns, [_line(part, view) for part in ordered[:_IN_ROWS]]),
        _others(ordered[_IN_ROWS:], view),
        class_="kpis-details",
    )


def _order(part: Attainment) -> tuple[bool, int, object]:
    """Whoever still owes something of its own, then by what was reported."""
    return part["status"] not in PRESSING, -part["entries"], sort_key(part["agency"] or "")


def _others(parts: Sequence[Attainment], view: View) -> Markup | None:
    """The rest in one paragraph, each with its entries: a hundred communes are a long table, twenty times."""
    if not parts:
        return None
    told = (f"{part['agency']} {written.number(part['entries'], view.lang)}" for part in parts)
    title = view.t("{n} other agencies, with their entries:", n=written.number(len(parts), view.lang))
    return tag("p", tag("strong", title), " ", " · ".join(told), class_="kpis-small")


def _line(part: Attainment, view: View) -> list[Child]:
    agency = part["agency"] or ""
    status = part["status"]
    share = part["share"]
    return [
        html.link(view.address(pages.AGENCY, plan=part["plan"], agency=agency), agency),
        target_figures.own_deed(part, view.lang),
        written.NOTHING if share is None else written.number(share, view.lang, 1),
        html.status(status, palette.word(status, view.lang)) if status else written.NOTHING,
        written.number(part["entries"], view.lang),
    ]
