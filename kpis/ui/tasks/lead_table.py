"""Tasks by lead: for each agency that leads, how many of its tasks stand at each state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.normalization import to_sort_key
from kpis.measures.task_status import TASK_STATES, TaskStatus
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.tasks.state_tiles import count_by_state


def render_tasks_by_lead(rows: Sequence[TaskStatus], view: PageView) -> Markup:
    """One line per lead and plan, in alphabetical order; a task with two leads stands in both lines."""
    led: dict[tuple[str, str], list[TaskStatus]] = defaultdict(list)
    for row in rows:
        for lead in row["leads"]:
            led[row["plan"], lead].append(row)
    shown = [state for state in TASK_STATES if count_by_state(rows)[state]]
    columns = [
        ColumnHeader(view.t("Lead agency")),
        *([] if view.plan else [ColumnHeader(view.t("Province or ward"))]),
        *(ColumnHeader(palette.get_task_state_label(state, view.lang), "number") for state in shown),
        ColumnHeader(view.t("All tasks"), "number"),
    ]
    lines = [
        _render_row(view, plan, lead, led[plan, lead], shown)
        for plan, lead in sorted(led, key=lambda key: (to_sort_key(key[1]), led[key][0]["plan_position"]))
    ]
    caption = view.t("A task with two leads is counted for both.")
    return tag("section", tag("h2", view.t("Tasks by lead agency")), render_table(caption, columns, lines))


def _render_row(
    view: PageView, plan: str, lead: str, rows: Sequence[TaskStatus], states: Sequence[str]
) -> list[Markup | str]:
    found = count_by_state(rows)
    address = view.build_url(pages.AGENCY, plan=plan, agency=lead)
    place = [] if view.plan else [format_place_name(rows[0])]
    numbers = [_render_count(found[state], state, view) for state in states]
    return [html.render_link(address, lead), *place, *numbers, written.format_number(len(rows), view.lang)]


def _render_count(number: int, state: str, view: PageView) -> Markup | str:
    if not number:
        return written.NO_VALUE
    return tag(
        "span",
        html.render_sign(state, None),
        " ",
        written.format_number(number, view.lang),
        class_=f"kpis-{state}",
    )


def format_place_name(row: TaskStatus) -> str:
    """ "Đồng Tháp", or a ward by its own name."""
    return row["province"] if row["kind"] == "province" else row["place"][:1].upper() + row["place"][1:]
