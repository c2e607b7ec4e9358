"""One plan's targets: what is promised, by when, who leads, where it is written, what is our reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table

CatalogueRow = Mapping[str, object]

RECURRENCES = {
    "yearly": "every year",
    "once": "once",
    "by_end": "by the plan's end",
    "standing": "throughout the plan",
}
FORCES = {
    "binding": "binding",
    "aspirational": "aspirational",
    "tentative": "tentative",
    "conditional": "conditional",
}
_COMPARATOR_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


def render_plan_targets(plan: CatalogueRow, rows: Sequence[CatalogueRow], view: PageView) -> Markup:
    """The table of one plan's targets, in the order of its text."""
    columns = [
        ColumnHeader(view.t("Target")),
        ColumnHeader(view.t("Promise")),
        ColumnHeader(view.t("Recurrence")),
        ColumnHeader(view.t("Due")),
        ColumnHeader(view.t("Force")),
        ColumnHeader(view.t("Lead agency")),
        ColumnHeader(view.t("Where it is written")),
    ]
    place = str(plan["place"])
    heading = html.render_link(
        view.build_url(pages.PROVINCE, plan=plan["plan"], agency=None), place[:1].upper() + place[1:]
    )
    lines = [_render_row(plan, row, view) for row in rows]
    caption = view.t("“Our reading” marks what the text leaves open, with the reason.")
    return tag("section", tag("h2", heading), render_table(caption, columns, lines))


def _render_row(plan: CatalogueRow, row: CatalogueRow, view: PageView) -> list[Child]:
    names = ("title_vi", "name_vi") if view.lang == "vi" else ("title_en", "name_en")
    title, indicator = (str(row[name]) for name in names)
    under = f"{row['target']} · {indicator}"
    return [
        tag("span", title, tag("small", under, class_="kpis-under")),
        _render_promise(row, view),
        _render_recurrence(row, view),
        _format_due_day(row, view),
        view.t(FORCES[str(row["force"])]),
        _render_lead(row, view),
        _render_citation(plan, row, view),
    ]


def _render_promise(row: CatalogueRow, view: PageView) -> Child:
    if row["measure"] == "milestone":
        return view.t("done")
    sign = _COMPARATOR_SIGNS[str(row["comparator"])]
    floor = cast(Decimal, row["floor"])
    unit = str(row["unit_vi" if view.lang == "vi" else "unit_en"])
    if row["measure"] in ("ratio", "coverage"):
        main = f"{sign} {written.format_percent(floor, 1, view.lang, written.EXACT_PERCENT_DECIMALS)} {unit}"
        return join([main, tag("small", _format_denominator(row, view), class_="kpis-under")])
    main = f"{sign} {written.format_number(floor, view.lang, written.EXACT_DECIMALS)} {unit}"
    if row["stretch"] is None:
        return main
    stretch = written.format_number(cast(Decimal, row["stretch"]), view.lang, written.EXACT_DECIMALS)
    return join([main, tag("small", view.t("stretch {stretch}", stretch=stretch), class_="kpis-under")])


def _format_denominator(row: CatalogueRow, view: PageView) -> str:
    """What makes up the 100 %: a roster, a population, or nothing that the register holds yet."""
    size, population = cast(int, row["roster_size"]), cast("int | None", row["population"])
    if size:
        return view.t("roster of {n} agencies", n=written.format_number(size, view.lang))
    if population is not None:
        return view.t("out of {n}", n=written.format_number(population, view.lang))
    return view.t("roster not fixed yet")


def _render_recurrence(row: CatalogueRow, view: PageView) -> Child:
    said = view.t(RECURRENCES[str(row["recurrence"])])
    if row["recurrence_basis"] == "stated":
        return said
    reason = str(row["recurrence_reason_vi" if view.lang == "vi" else "recurrence_reason_en"])
    return join([said, tag("small", view.t("Our reading: {reason}", reason=reason), class_="kpis-under")])


def _format_due_day(row: CatalogueRow, view: PageView) -> str:
    first, last = row["first_due"], row["last_due"]
    if not isinstance(first, date) or not isinstance(last, date):
        return written.NO_VALUE
    if first == last:
        return view.format_day(first)
    day = view.format_day(first)[:-5] if view.lang == "en" else view.format_day(first)[:5]
    return view.t("{day} each year", day=day)


def _render_lead(row: CatalogueRow, view: PageView) -> Child:
    lead = html.render_link(
        view.build_url(pages.AGENCY, plan=row["plan"], agency=row["lead"]), str(row["lead"])
    )
    if row["lead_basis"] == "stated":
        return lead
    return join([lead, tag("small", view.t("our reading: the focal agency"), class_="kpis-under")])


def _render_citation(plan: CatalogueRow, row: CatalogueRow, view: PageView) -> Child:
    where = view.t("section {section}, line {line} of the text", section=row["section"], line=row["line"])
    return join([str(plan["number"] or view.t("no number")), tag("small", where, class_="kpis-under")])
