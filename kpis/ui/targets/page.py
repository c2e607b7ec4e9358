"""The catalogue of targets as one block of HTML, made once per version, filters and language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table
from kpis.ui.targets.plan_targets import promises

PlanRow = Mapping[str, object]


def targets(db: Database, view: View) -> Markup:
    """Every plan, then each plan's targets with their citation and our readings of the text."""
    asked = {"plan": view.filters.plan}
    plans = db.rows(sql.load("kpis.ui.targets", "plans"), asked)
    rows = db.rows(sql.load("kpis.ui.targets", "targets"), asked)
    per_plan = [promises(plan, [row for row in rows if row["plan"] == plan["plan"]], view) for plan in plans]
    return tag("div", _plans(plans, view), *per_plan, class_="kpis", lang=view.lang)


def _plans(plans: list[dict[str, object]], view: View) -> Markup:
    columns = [
        Column(view.t("Plan")),
        Column(view.t("Issued")),
        Column(view.t("Years")),
        Column(view.t("Report by")),
        Column(view.t("Focal agency")),
        Column(view.t("Targets"), "number"),
        Column(view.t("Annex tasks"), "number"),
    ]
    lines = [_plan(plan, view) for plan in plans]
    return tag(
        "section",
        tag("h2", view.t("Plans")),
        table(view.t("The issued documents that the targets come from."), columns, lines),
    )


def _plan(plan: PlanRow, view: View) -> list[Child]:
    place = str(plan["place"])
    title = str(plan["title_vi" if view.lang == "vi" else "title_en"])
    return [
        tag("span", place[:1].upper() + place[1:], tag("small", title, class_="kpis-under")),
        _issued(plan, view),
        _years(plan, view),
        _reporting_day(plan, view),
        str(plan["focal_agency"]),
        written.number(cast(int, plan["targets"]), view.lang),
        written.number(cast(int, plan["tasks"]), view.lang),
    ]


def _issued(plan: PlanRow, view: View) -> Child:
    if plan["number"] is None and plan["issued_on"] is None:
        return tag("span", view.t("no number and day in the text"), class_="kpis-quiet")
    day = plan["issued_on"]
    said = view.day(day) if isinstance(day, date) else None
    return join([str(plan["number"] or written.NOTHING), said and tag("small", said, class_="kpis-under")])


def _years(plan: PlanRow, view: View) -> str:
    first, last = plan["start_year"], plan["end_year"]
    if last is None:
        return view.t("from {year}, no end", year=first)
    return str(first) if first == last else f"{first}–{last}"


def _reporting_day(plan: PlanRow, view: View) -> Child:
    if plan["reporting_day"] is None:
        return tag("span", view.t("not stated; 31 December"), class_="kpis-quiet")
    month, day = str(plan["reporting_day"]).split("-")
    return f"{day}/{month}" if view.lang == "vi" else view.day(date(2000, int(month), int(day)))[:-5]
