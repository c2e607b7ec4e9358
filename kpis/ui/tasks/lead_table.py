"""Tasks by lead agency: the number of its tasks in each state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.register_facts import format_place_name
from kpis.measures.task_status import TASK_STATES, TaskStatus
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.tasks.state_tiles import count_by_state


def render_tasks_by_lead(rows: Sequence[TaskStatus], view: PageView, agencies: Mapping[str, Collection[str]]) -> Markup:
    """Return one line per lead agency and plan; a task with two leads is in both lines.

    `agencies`: plan -> the agencies that have a page of their own; a collective lead has none.
    """
    rows_by_lead: dict[tuple[str, str], list[TaskStatus]] = defaultdict(list)
    for row in rows:
        for lead in row["leads"]:
            rows_by_lead[row["plan"], lead].append(row)
    states = [state for state in TASK_STATES if count_by_state(rows)[state]]
    columns = [
        ColumnHeader(view.t("Lead agency")),
        *([] if view.plan else [ColumnHeader(view.t("Province or ward"))]),
        *(ColumnHeader(palette.get_task_state_label(state, view.lang), "number") for state in states),
        ColumnHeader(view.t("All tasks"), "number"),
    ]
    ordered = sorted(rows_by_lead, key=lambda key: (to_sort_key(key[1]), rows_by_lead[key][0]["plan_position"]))
    lines = [
        _render_row(view, plan, lead, rows_by_lead[plan, lead], states, has_page=lead in agencies[plan])
        for plan, lead in ordered
    ]
    caption = view.t("A task with two leads is counted for both.")
    return tag("section", tag("h2", view.t("Tasks by lead agency")), render_table(caption, columns, lines))


def _render_row(
    view: PageView,
    plan: str,
    lead: str,
    rows: Sequence[TaskStatus],
    states: Sequence[str],
    *,
    has_page: bool,
) -> list[Markup | str]:
    counts = count_by_state(rows)
    name = html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=lead), lead) if has_page else lead
    place = [] if view.plan else [format_place_name(rows[0])]
    numbers = [_render_count(counts[state], state, view) for state in states]
    return [name, *place, *numbers, formatting.format_number(len(rows), view.lang)]


def _render_count(number: int, state: str, view: PageView) -> Markup | str:
    if not number:
        return formatting.NO_VALUE
    return tag(
        "span",
        html.render_sign(state, None),
        " ",
        formatting.format_number(number, view.lang),
        class_=f"kpis-{state}",
    )
