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
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table

Row = Mapping[str, object]

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
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


def promises(plan: Row, rows: Sequence[Row], view: View) -> Markup:
    """The table of one plan's targets, in the order of its text."""
    columns = [
        Column(view.t("Target")),
        Column(view.t("Promise")),
        Column(view.t("Recurrence")),
        Column(view.t("Due")),
        Column(view.t("Force")),
        Column(view.t("Lead agency")),
        Column(view.t("Where it is written")),
    ]
    place = str(plan["place"])
    heading = html.link(
        view.address(pages.PROVINCE, plan=plan["plan"], agency=None), place[:1].upper() + place[1:]
    )
    lines = [_line(plan, row, view) for row in rows]
    caption = view.t("“Our reading” marks what the text leaves open, with the reason.")
    return tag("section", tag("h2", heading), table(caption, columns, lines))


def _line(plan: Row, row: Row, view: View) -> list[Child]:
    names = ("title_vi", "name_vi") if view.lang == "vi" else ("title_en", "name_en")
    title, indicator = (str(row[name]) for name in names)
    under = f"{row['target']} · {indicator}"
    return [
        tag("span", title, tag("small", under, class_="kpis-under")),
        _promise(row, view),
        _recurrence(row, view),
        _due(row, view),
        view.t(FORCES[str(row["force"])]),
        _lead(row, view),
        _citation(plan, row, view),
    ]


def _promise(row: Row, view: View) -> Child:
    if row["measure"] == "milestone":
        return view.t("done")
    sign = _SIGNS[str(row["comparator"])]
    floor = cast(Decimal, row["floor"])
    unit = str(row["unit_vi" if view.lang == "vi" else "unit_en"])
    if row["measure"] in ("ratio", "coverage"):
        main = f"{sign} {written.percent(floor, 1, view.lang, written.EXACT_PERCENT)} {unit}"
        return join([main, tag("small", _whole(row, view), class_="kpis-under")])
    main = f"{sign} {written.number(floor, view.lang, written.EXACT)} {unit}"
    if row["stretch"] is None:
        return main
    stretch = written.number(cast(Decimal, row["stretch"]), view.lang, written.EXACT)
    return join([main, tag("small", view.t("stretch {stretch}", stretch=stretch), class_="kpis-under")])


def _whole(row: Row, view: View) -> str:
    """What makes up the 100 %: a roster, a population, or nothing that the register holds yet."""
    size, population = cast(int, row["roster_size"]), cast("int | None", row["population"])
    if size:
        return view.t("roster of {n} agencies", n=written.number(size, view.lang))
    if population is not None:
        return view.t("out of {n}", n=written.number(population, view.lang))
    return view.t("roster not fixed yet")


def _recurrence(row: Row, view: View) -> Child:
    said = view.t(RECURRENCES[str(row["recurrence"])])
    if row["recurrence_basis"] == "stated":
        return said
    reason = str(row["recurrence_reason_vi" if view.lang == "vi" else "recurrence_reason_en"])
    return join([said, tag("small", view.t("Our reading: {reason}", reason=reason), class_="kpis-under")])


def _due(row: Row, view: View) -> str:
    first, last = row["first_due"], row["last_due"]
    if not isinstance(first, date) or not isinstance(last, date):
        return written.NOTHING
    if first == last:
        return view.day(first)
    day = view.day(first)[:-5] if view.lang == "en" else view.day(first)[:5]
    return view.t("{day} each year", day=day)


def _lead(row: Row, view: View) -> Child:
    lead = html.link(view.address(pages.AGENCY, plan=row["plan"], agency=row["lead"]), str(row["lead"]))
    if row["lead_basis"] == "stated":
        return lead
    return join([lead, tag("small", view.t("our reading: the focal agency"), class_="kpis-under")])


def _citation(plan: Row, row: Row, view: View) -> Child:
    where = view.t("section {section}, line {line} of the text", section=row["section"], line=row["line"])
    return join([str(plan["number"] or view.t("no number")), tag("small", where, class_="kpis-under")])
