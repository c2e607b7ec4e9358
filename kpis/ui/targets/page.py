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
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.targets.plan_targets import render_plan_targets

PlanRow = Mapping[str, object]


def render_targets(db: Database, view: PageView) -> Markup:
    """Every plan, then each plan's targets with their citation and our readings of the text."""
    asked = {"plan": view.filters.plan}
    plans = db.fetch_rows(sql.load("kpis.ui.targets", "plans"), asked)
    rows = db.fetch_rows(sql.load("kpis.ui.targets", "targets"), asked)
    per_plan = [
        render_plan_targets(plan, [row for row in rows if row["plan"] == plan["plan"]], view)
        for plan in plans
    ]
    return tag("div", _render_plans(plans, view), *per_plan, class_="kpis", lang=view.lang)


def _render_plans(plans: list[dict[str, object]], view: PageView) -> Markup:
    columns = [
        ColumnHeader(view.t("Plan")),
        ColumnHeader(view.t("Issued")),
        ColumnHeader(view.t("Years")),
        ColumnHeader(view.t("Report by")),
        ColumnHeader(view.t("Focal agency")),
        ColumnHeader(view.t("Targets"), "number"),
        ColumnHeader(view.t("Annex tasks"), "number"),
    ]
    lines = [_render_plan_row(plan, view) for plan in plans]
    return tag(
        "section",
        tag("h2", view.t("Plans")),
        render_table(view.t("The issued documents that the targets come from."), columns, lines),
    )


def _render_plan_row(plan: PlanRow, view: PageView) -> list[Child]:
    place = str(plan["place"])
    title = str(plan["title_vi" if view.lang == "vi" else "title_en"])
    return [
        tag("span", place[:1].upper() + place[1:], tag("small", title, class_="kpis-under")),
        _render_issue(plan, view),
        _format_years(plan, view),
        _render_reporting_day(plan, view),
        str(plan["focal_agency"]),
        written.format_number(cast(int, plan["targets"]), view.lang),
        written.format_number(cast(int, plan["tasks"]), view.lang),
    ]


def _render_issue(plan: PlanRow, view: PageView) -> Child:
    if plan["number"] is None and plan["issued_on"] is None:
        return tag("span", view.t("no number and day in the text"), class_="kpis-quiet")
    day = plan["issued_on"]
    said = view.format_day(day) if isinstance(day, date) else None
    return join([str(plan["number"] or written.NO_VALUE), said and tag("small", said, class_="kpis-under")])


def _format_years(plan: PlanRow, view: PageView) -> str:
    first, last = plan["start_year"], plan["end_year"]
    if last is None:
        return view.t("from {year}, no end", year=first)
    return str(first) if first == last else f"{first}–{last}"


def _render_reporting_day(plan: PlanRow, view: PageView) -> Child:
    if plan["reporting_day"] is None:
        return tag("span", view.t("not stated; 31 December"), class_="kpis-quiet")
    month, day = str(plan["reporting_day"]).split("-")
    return f"{day}/{month}" if view.lang == "vi" else view.format_day(date(2000, int(month), int(day)))[:-5]
