"""The choice of an agency: first a plan, then its agencies with how much they reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from markupsafe import Markup

from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import Attainment, select_targets
from kpis.measures.rows_to_confirm import list_rows_to_confirm
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.province.plan_choices import render_plan_choices
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table


def render_agency_choices(db: Database, view: PageView) -> Markup:
    """Return the plan's agencies that have something to do or reported; without a plan, the choice of one."""
    plan = view.filters.plan
    if plan is None:
        return render_plan_choices(compute_targets(db, replace(view.question, plans=None)), view, pages.AGENCY)
    rows_by_agency: dict[str, list[Attainment]] = defaultdict(list)
    for row in select_targets(compute_by_agency(db, view.question)):
        rows_by_agency[row["agency"] or ""].append(row)
    task_counts = _count_led_tasks(db, view)
    columns = [
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("Targets it is responsible for"), "number"),
        ColumnHeader(view.t("Targets it reported on"), "number"),
        ColumnHeader(view.t("Entries"), "number"),
        ColumnHeader(view.t("Tasks led"), "number"),
        ColumnHeader(view.t("Rows to confirm"), "number"),
    ]
    names = sorted({*rows_by_agency, *task_counts}, key=to_sort_key)
    lines = [_render_row(name, rows_by_agency[name], task_counts[name], view) for name in names]
    caption = view.t(
        "Choose an agency: those that lead a target or a task, must take part, hold a share or have reported "
        "on a target. The agency filter has every agency of the plan."
    )
    return tag("div", render_table(caption, columns, lines), class_="kpis", lang=view.lang)


def _count_led_tasks(db: Database, view: PageView) -> Counter[str]:
    """Count per agency the tasks whose state its reports decide: as single lead or as focal agency."""
    rows = compute_task_status(db, view.question)
    return Counter(lead["agency"] for row in rows if row["current"] for lead in row["lead_reports"])


def _render_row(name: str, rows: list[Attainment], task_count: int, view: PageView) -> list[Child]:
    return [
        html.render_link(view.build_url(pages.AGENCY, agency=name), name),
        formatting.format_number(len(rows), view.lang),
        formatting.format_number(sum(row["entries"] > 0 for row in rows), view.lang),
        formatting.format_number(sum(row["entries"] for row in rows), view.lang),
        formatting.format_number(task_count, view.lang),
        formatting.format_number(len({item.place for item in list_rows_to_confirm(rows, name)}), view.lang),
    ]
