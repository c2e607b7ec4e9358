"""Việc cần làm ngay: the most urgent targets, with who owes what and how much time is left; overdue tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.owed import Owed, select_urgent
from kpis.measures.task_status import TaskStatus
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import (
    doubt_sentences,
    missing_data,
    owed_sentences,
    target_figures,
    task_sentences,
)

MAX_ITEMS = 8
MAX_TASKS = 4


def render_todo(
    view: PageView,
    owed_items: Sequence[Owed],
    plans: Sequence[PlanChoice],
    read_plans: Collection[str],
    overdue_tasks: Sequence[TaskStatus] = (),
) -> Markup:
    """Return the first of `owed_items`, which are sorted most urgent first, and how many more there are.

    Plans without figures (not in `read_plans`) are only counted: their sources must be read first.
    The first of `overdue_tasks` follow under a heading of their own with their number.
    """
    urgent = select_urgent(owed_items)
    items = [item for item in urgent if item.row["plan"] in read_plans]
    sentence = missing_data.format_left_out(len(urgent) - len(items), view.lang, as_additional=bool(items))
    left_out = tag("p", sentence, class_="kpis-below") if sentence else None
    heading = tag("h2", view.t("To do now"))
    places = {plan.plan: plan.name for plan in plans}
    tasks = _render_overdue_tasks(view, overdue_tasks, places) if overdue_tasks else None
    if not items and tasks:
        return tag("section", heading, left_out, tasks)
    if not items:
        nothing = view.t("Nothing is late, at risk or without figures.")
        return tag("section", heading, left_out or tag("p", nothing, class_="kpis-quiet"))
    wards = {plan.plan: plan.province for plan in plans if plan.is_ward}
    lines = [
        _render_item(view, item, places[item.row["plan"]], wards.get(item.row["plan"])) for item in items[:MAX_ITEMS]
    ]
    remaining = _render_remaining_count(view, len(items) - MAX_ITEMS)
    return tag("section", heading, tag("ol", *lines, class_="kpis-todo"), remaining, left_out, tasks)


def _render_overdue_tasks(view: PageView, tasks: Sequence[TaskStatus], place_names: Mapping[str, str]) -> Markup:
    number = formatting.format_number(len(tasks), view.lang)
    title = tag("h3", view.t("Overdue annex tasks"), " ", tag("span", number, class_="kpis-number"))
    lines = [_render_task(view, task, place_names[task["plan"]]) for task in tasks[:MAX_TASKS]]
    remaining = _render_remaining_count(view, len(tasks) - MAX_TASKS)
    return tag("div", title, tag("ol", *lines, class_="kpis-todo"), remaining, class_="kpis-tasks-overdue")


def _render_task(view: PageView, task: TaskStatus, place_name: str) -> Markup:
    address = view.build_url(pages.TASKS, plan=task["plan"], agency=None)
    status = html.render_status(task["state"], palette.get_task_state_label(task["state"], view.lang))
    return tag(
        "li",
        tag("p", html.render_link(address, place_name), status, class_="kpis-where"),
        tag(
            "div",
            tag("p", target_figures.get_title(task, view.lang)),
            tag("p", task_sentences.format_leads(task)),
        ),
        tag("p", task_sentences.format_days_overdue(task, view.lang), class_="kpis-left"),
        class_=f"kpis-{task['state']}",
    )


def _render_item(view: PageView, item: Owed, place_name: str, province_of_ward: str | None) -> Markup:
    row = item.row
    status = str(row["status"])
    address = view.build_url(pages.PROVINCE, plan=row["plan"], agency=None)
    lead = view.build_url(pages.AGENCY, plan=row["plan"], agency=row["lead"])
    what: list[Child] = [tag("strong", ", ".join(owed_sentences.format_missing(item, view.lang)))]
    what += [f" · {rate}" for rate in owed_sentences.format_rate(item, view.lang)]
    return tag(
        "li",
        tag(
            "p",
            html.render_link(address, place_name),
            tag(
                "small",
                view.t("ward of {province}, counted separately", province=province_of_ward),
                class_="kpis-under",
            )
            if province_of_ward and view.plan is None
            else None,
            html.render_status(status, doubt_sentences.format_status(row, view.lang)),
            class_="kpis-where",
        ),
        tag(
            "div",
            tag("p", target_figures.get_title(row, view.lang)),
            tag("p", *what, " · ", html.render_link(lead, row["lead"])),
        ),
        tag("p", owed_sentences.format_time_left(item, view.lang), class_="kpis-left"),
        class_=f"kpis-{status}",
    )


def _render_remaining_count(view: PageView, remaining: int) -> Markup | None:
    if remaining <= 0:
        return None
    return tag("p", view.t("and {n} more", n=formatting.format_number(remaining, view.lang)), class_="kpis-below")
