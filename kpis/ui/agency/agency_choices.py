"""Which agency: first the plan, then its agencies, with how much they reported."""

from __future__ import annotations

from collections import Counter, defaultdict

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.province.plan_choices import render_plan_choices as choose_plan
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table


def render_agency_choices(db: Database, view: PageView) -> Markup:
    """The plan's agencies that lead, must take part, hold a share or have reported a target; first a plan."""
    plan, year = view.filters.plan, view.filters.year
    if plan is None:
        return choose_plan(compute_attainment(db, view.as_of, year=year), view, pages.AGENCY)
    serves: dict[str, list[Attainment]] = defaultdict(list)
    for row in compute_by_agency(db, view.as_of, year=year, plan=plan):
        serves[row["agency"] or ""].append(row)
    tasks = _count_led_tasks(db, view, plan)
    columns = [
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("Targets it serves"), "number"),
        ColumnHeader(view.t("Targets it reported on"), "number"),
        ColumnHeader(view.t("Entries"), "number"),
        ColumnHeader(view.t("Tasks led"), "number"),
    ]
    names = sorted({*serves, *tasks}, key=to_sort_key)
    lines = [_render_row(name, serves[name], tasks[name], view) for name in names]
    caption = view.t(
        "Choose an agency: those that lead a target or a task, must take part, hold a share or have reported "
        "on a target. The agency filter has every agency of the plan."
    )
    return tag("div", render_table(caption, columns, lines), class_="kpis", lang=view.lang)


def _count_led_tasks(db: Database, view: PageView, plan: str) -> Counter[str]:
    """How many tasks each agency's word decides: its own, and as the focal department a collective's."""
    rows = compute_task_status(db, view.as_of, plan, view.filters.year)
    return Counter(lead["agency"] for row in rows if row["current"] for lead in row["lead_reports"])


def _render_row(name: str, rows: list[Attainment], task_count: int, view: PageView) -> list[Child]:
    return [
        html.render_link(view.build_url(pages.AGENCY, agency=name), name),
        written.format_number(len(rows), view.lang),
        written.format_number(sum(row["entries"] > 0 for row in rows), view.lang),
        written.format_number(sum(row["entries"] for row in rows), view.lang),
        written.format_number(task_count, view.lang),
    ]
