"""Which agency: first the plan, then its agencies, with how much they reported."""

from __future__ import annotations

from collections import Counter, defaultdict

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.language.normalization import sort_key
from kpis.measures.attainment import attainment, by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.task_status import task_status
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.province.plan_choices import choose as choose_plan
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table


def choose(db: Database, view: View) -> Markup:
    """The plan's agencies that lead, must take part, hold a share or have reported a target; first a plan."""
    plan, year = view.filters.plan, view.filters.year
    if plan is None:
        return choose_plan(attainment(db, view.as_of, year=year), view, pages.AGENCY)
    serves: dict[str, list[Attainment]] = defaultdict(list)
    for row in by_agency(db, view.as_of, year=year, plan=plan):
        serves[row["agency"] or ""].append(row)
    tasks = _tasks(db, view, plan)
    columns = [
        Column(view.t("Agency")),
        Column(view.t("Targets it serves"), "number"),
        Column(view.t("Targets it reported on"), "number"),
        Column(view.t("Entries"), "number"),
        Column(view.t("Tasks led"), "number"),
    ]
    names = sorted({*serves, *tasks}, key=sort_key)
    lines = [_line(name, serves[name], tasks[name], view) for name in names]
    caption = view.t(
        "Choose an agency: those that lead a target or a task, must take part, hold a share or have reported "
        "on a target. The agency filter has every agency of the plan."
    )
    return tag("div", table(caption, columns, lines), class_="kpis", lang=view.lang)


def _tasks(db: Database, view: View, plan: str) -> Counter[str]:
    """How many tasks each agency's word decides: its own, and as the focal department a collective's."""
    rows = task_status(db, view.as_of, plan, view.filters.year)
    return Counter(lead["agency"] for row in rows if row["current"] for lead in row["lead_reports"])


def _line(name: str, rows: list[Attainment], tasks: int, view: View) -> list[Child]:
    return [
        html.link(view.address(pages.AGENCY, agency=name), name),
        written.number(len(rows), view.lang),
        written.number(sum(row["entries"] > 0 for row in rows), view.lang),
        written.number(sum(row["entries"] for row in rows), view.lang),
        written.number(tasks, view.lang),
    ]
