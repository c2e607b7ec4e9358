"""The catalogue of targets as one block of HTML, cached per version, filters and language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.clauses import load_clauses
from kpis.measures.query import fetch_current_rows
from kpis.measures.register_facts import PlanFacts, format_full_place_name, list_plans
from kpis.register.periods import YEAR_END
from kpis.store.database import Database
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.targets.plan_targets import render_plan_targets
from kpis.wording.reporting_days import format_reporting_days


def render_targets(db: Database, view: PageView) -> Markup:
    """Return every plan, then each plan's targets with citations and our readings of the text."""
    plans = list_plans(db, view.filters.plan)
    rows = fetch_current_rows(db, "kpis.ui.targets", "targets", {"plan": view.filters.plan})
    clauses = load_clauses(db, view.filters.plan)
    tables = [
        render_plan_targets(plan, [row for row in rows if row["plan"] == plan["plan"]], view, clauses) for plan in plans
    ]
    return tag("div", _render_plans(plans, view), *tables, class_="kpis", lang=view.lang)


def _render_plans(plans: Sequence[PlanFacts], view: PageView) -> Markup:
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


def _render_plan_row(plan: PlanFacts, view: PageView) -> list[Child]:
    title = plan["title_vi"] if view.lang == "vi" else plan["title_en"]
    return [
        tag("span", format_full_place_name(plan), tag("small", title, class_="kpis-under")),
        _render_issue(plan, view),
        _format_years(plan, view),
        _render_reporting_days(plan, view),
        plan["focal_agency"],
        formatting.format_number(plan["targets"], view.lang),
        formatting.format_number(plan["tasks"], view.lang),
    ]


def _render_issue(plan: PlanFacts, view: PageView) -> Child:
    if plan["number"] is None and plan["issued_on"] is None:
        return tag("span", view.t("no number or date in the text"), class_="kpis-quiet")
    day = view.format_day(plan["issued_on"]) if plan["issued_on"] else None
    return join([plan["number"] or formatting.NO_VALUE, day and tag("small", day, class_="kpis-under")])


def _format_years(plan: PlanFacts, view: PageView) -> str:
    first, last = plan["start_year"], plan["end_year"]
    if last is None:
        return view.t("from {year}, no end", year=first)
    return str(first) if first == last else f"{first}–{last}"


def _render_reporting_days(plan: PlanFacts, view: PageView) -> Child:
    text = format_reporting_days(plan["reporting_days"], view.lang)
    if any(day.of == "year" for day in plan["reporting_days"]):
        return text
    year_end = formatting.format_day_and_month(date.fromisoformat(f"2000-{YEAR_END}"), view.lang)
    quiet = tag("span", view.t("not stated; {day}", day=year_end), class_="kpis-quiet")
    return join([text, quiet]) if text else quiet
