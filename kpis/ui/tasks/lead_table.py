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
from kpis.ui.shared.list_links import link_to_tasks, render_count
from kpis.ui.shared.lists.model import ListCell, ListColumn, ListRow, ListTable
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.tasks.state_tiles import count_by_state

NAME = "tasks-by-lead"


def render_tasks_by_lead(rows: Sequence[TaskStatus], view: PageView, agencies: Mapping[str, Collection[str]]) -> Markup:
    """Return the table on the page of a plan, all of whose tasks `rows` are."""
    table = build_lead_list(rows, view, agencies)
    lines = [[cell.content for cell in row.cells] for row in table.rows]
    download = TableName(pages.PROVINCE, NAME, table.title, view)
    drawn = render_table(table.caption, table.headers, lines, download=download, folded_on_phone=True)
    return tag("section", tag("h2", table.title), drawn)


def build_lead_list(
    rows: Sequence[TaskStatus],
    view: PageView,
    agencies: Mapping[str, Collection[str]],
    agency: str | None = None,
) -> ListTable:
    """Return one row per lead agency and plan; a task with two leads is in both rows.

    `agencies`: plan -> the agencies that have a page of their own; a collective lead has none. `agency`: the one whose
    tasks `rows` are, if they are of one.
    """
    rows_by_lead: dict[tuple[str, str], list[TaskStatus]] = defaultdict(list)
    for row in rows:
        for lead in row["leads"]:
            rows_by_lead[row["plan"], lead].append(row)
    states = [state for state in TASK_STATES if count_by_state(rows)[state]]
    columns = [
        ListColumn("lead-agency", ColumnHeader(view.t("Lead agency"))),
        *([] if view.plan else [ListColumn("lead-place", ColumnHeader(view.t("Province or ward")))]),
        *(
            ListColumn(f"lead-{state}", ColumnHeader(palette.get_task_state_label(state, view.lang), "number"))
            for state in states
        ),
        ListColumn("lead-all", ColumnHeader(view.t("All tasks"), "number")),
    ]
    ordered = sorted(rows_by_lead, key=lambda key: _get_order(key[1], rows_by_lead[key]))
    return ListTable(
        name=NAME,
        page=pages.TASKS,
        title=view.t("Tasks by lead agency"),
        caption=view.t("The most overdue tasks first; one with two leads is counted for both."),
        file_stem="nhiem-vu-theo-co-quan",
        columns=tuple(columns),
        value_titles=tuple(column.header.title for column in columns),
        rows=tuple(
            _build_row(view, plan, lead, rows_by_lead[plan, lead], states, lead in agencies[plan], agency)
            for plan, lead in ordered
        ),
        as_of=view.as_of,
    )


def _get_order(lead: str, rows: Sequence[TaskStatus]) -> tuple[int, object, int]:
    """Sort the leads of most overdue tasks first, then by name."""
    return -count_by_state(rows)["overdue"], to_sort_key(lead), rows[0]["plan_position"]


def _build_row(
    view: PageView,
    plan: str,
    lead: str,
    rows: Sequence[TaskStatus],
    states: Sequence[str],
    has_page: bool,
    agency: str | None,
) -> ListRow:
    counts = count_by_state(rows)
    name = html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=lead), lead) if has_page else lead
    place = format_place_name(rows[0])
    numbers = [counts[state] for state in states]
    return ListRow(
        cells=(
            ListCell(name, to_sort_key(lead)),
            *(() if view.plan else (ListCell(place, to_sort_key(place)),)),
            *(
                ListCell(
                    _render_count(
                        view, number, state, link_to_tasks(view, status=(state,), lead=lead, plan=plan, agency=agency)
                    ),
                    number,
                )
                for state, number in zip(states, numbers, strict=True)
            ),
            ListCell(
                render_count(view, len(rows), link_to_tasks(view, lead=lead, plan=plan, agency=agency)), len(rows)
            ),
        ),
        values=(lead, *(() if view.plan else (place,)), *numbers, len(rows)),
        texts=(lead, place),
    )


def _render_count(view: PageView, number: int, state: str, url: str) -> Markup | str:
    if not number:
        return formatting.NO_VALUE
    return tag("span", html.render_sign(state, None), " ", render_count(view, number, url), class_=f"kpis-{state}")
