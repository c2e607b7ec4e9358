"""Every task as a list that is searched, sorted and filtered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kpis.charts import palette
from kpis.language.normalization import to_sort_key
from kpis.measures.agency_summary import find_task_roles
from kpis.measures.changes import build_last_week_question
from kpis.measures.clauses import load_clauses
from kpis.measures.data_availability import get_data_availability
from kpis.measures.register_facts import format_place_name
from kpis.measures.task_changes import TaskKey, get_key, list_newly_done_tasks, list_newly_overdue_tasks
from kpis.measures.task_status import DONE_STATES, TASK_STATES, TaskStatus, compute_task_status
from kpis.pack.xlsx.tab import CellValue
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared.baselines import load_baseline
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import ONLY_AGENCY, ONLY_PART, ONLY_PROVINCES
from kpis.ui.tasks.task_table import TaskNotes, format_section, hides_report, render_cells
from kpis.wording import target_figures

NAME = "tasks"
_OPEN_STATES = frozenset(TASK_STATES) - {*DONE_STATES, "not_started"}
_PRESSING_STATES = TASK_STATES[: TASK_STATES.index("in_progress")]
"""In a long list each of these comes before the next; other open tasks stand in the order of the plan."""
_OPEN_ROWS = 15
"""A task takes several lines; the worst states come first."""


def list_tasks(db: Database, view: PageView) -> list[TaskStatus]:
    """Return the tasks of the view: of a chosen agency those that it leads, coordinates or reports on.

    A task of a collective lead is also that of each of its members.
    """
    rows, with_part = compute_task_status(db, view.question), _find_tasks_with_part(db, view)
    return [row for row in rows if _concerns(row, view.filters.agency, with_part)]


def _concerns(row: TaskStatus, agency: str | None, with_part: Collection[TaskKey]) -> bool:
    named = (*row["leads"], *row["coordinators"], *_list_deciding(row))
    return agency is None or agency in named or get_key(row) in with_part


def _list_deciding(row: TaskStatus) -> list[str]:
    return [report["agency"] for report in row["lead_reports"] or ()]


@reads_one_plan
def build_task_list(
    db: Database, view: PageView, has_change: bool = False, explanations: EntryExplanations = NO_EXPLANATIONS
) -> ListTable:
    """Return the list; with `has_change` it knows which tasks are newly overdue or done since last week."""
    rows = list_tasks(db, view)
    with_part = _find_tasks_with_part(db, view)
    changes = _find_changes(db, view) if has_change else {}
    # An instance of an earlier year may have become overdue or done with its year.
    present = {get_key(row) for row in rows}
    earlier = {get_key(task): task for tasks in changes.values() for task in tasks}
    rows += [
        task for key, task in earlier.items() if key not in present and _concerns(task, view.filters.agency, with_part)
    ]
    changed_keys = {change: set(map(get_key, tasks)) for change, tasks in changes.items()}
    notes = TaskNotes(load_clauses(db, view.filters.plan), explanations)
    built = []
    for row in rows:
        flags = set(_list_flags(row, view))
        flags |= {ONLY_PART} if row["current"] and get_key(row) in with_part else set()
        flags |= {change for change, keys in changed_keys.items() if get_key(row) in keys}
        built.append(_build_row(row, view, notes, frozenset(flags)))
    return _build_table(built, view)


def _find_changes(db: Database, view: PageView) -> dict[str, list[TaskStatus]]:
    """Return change -> tasks since last week."""
    question, earlier = view.question, build_last_week_question(view.question)
    plans = get_data_availability(db).plans_with_tasks
    unread_plans = load_baseline(db, question).unread_plans
    return {
        "newly_overdue": list_newly_overdue_tasks(db, question, earlier, plans),
        "newly_done": list_newly_done_tasks(db, question, earlier, plans, unread_plans),
    }


def _list_flags(row: TaskStatus, view: PageView) -> Iterator[str]:
    if row["kind"] != "ward":
        yield ONLY_PROVINCES
    if row["current"] and view.filters.agency in _list_deciding(row):
        yield ONLY_AGENCY


def _find_tasks_with_part(db: Database, view: PageView) -> Collection[TaskKey]:
    if view.filters.agency is None:
        return frozenset()
    return find_task_roles(db, replace(view.question, agency=view.filters.agency)).keys()


def _build_table(rows: Sequence[ListRow], view: PageView) -> ListTable:
    titles = {"title": "Task", "state": "State", "lead": "Lead agency", "due": "Due", "report": "Latest report"}
    return ListTable(
        name=NAME,
        page=pages.TASKS,
        title=view.t("Every task"),
        caption=view.t("The code is that of the sheet's column Mã; a long list begins with what is late."),
        file_stem="nhiem-vu",
        columns=build_columns(view, titles),
        value_titles=tuple(view.t(title) for title in _VALUE_TITLES),
        rows=tuple(rows),
        as_of=view.as_of,
        statuses={state: palette.get_task_state_label(state, view.lang) for state in TASK_STATES},
        has_due=True,
        has_leads=True,
        has_entries=True,
        open_rows=_OPEN_ROWS,
    )


_VALUE_TITLES = (
    "Province or ward", "Section", "Code", "Task", "Expected product", "Year", "State", "Lead agency",
    "Coordinating agencies", "Due", "Latest report", "Reported by", "Result", "Difficulty", "Evidence",
)  # fmt: skip


def _build_row(row: TaskStatus, view: PageView, notes: TaskNotes, flags: frozenset[str]) -> ListRow:
    title = target_figures.get_title(row, view.lang)
    place, state = format_place_name(row), palette.get_task_state_label(row["state"], view.lang)
    orders: tuple[object, ...] = (
        to_sort_key(title),
        TASK_STATES.index(row["state"]),
        [to_sort_key(lead) for lead in row["leads"]] or None,
        row["due_on"],
        row["last_report_on"],
    )
    reported: tuple[CellValue, ...] = (
        row["last_report_on"], row["last_report_by"], row["result"], row["difficulty"], row["evidence"],
    )  # fmt: skip
    return ListRow(
        cells=tuple(map(ListCell, render_cells(row, view, notes, with_place=view.plan is None), orders)),
        values=(
            place, format_section(row, view), row["task"], title, row["output"], row["year"], state,
            "; ".join(row["leads"]), "; ".join(row["coordinators"]), row["due_on"],
            *((None,) * len(reported) if hides_report(row, view) else reported),
        ),
        texts=(row["task"], title, place, *row["leads"], *row["coordinators"]),
        group=f"{'' if view.plan else f'{place} · '}{format_section(row, view)}",
        statuses=(row["state"],),
        due_on=row["due_on"],
        leads=tuple(row["leads"]),
        flags=flags,
        entry=row["task"],
        is_open=row["state"] in _OPEN_STATES,
        rank=min(TASK_STATES.index(row["state"]), len(_PRESSING_STATES)),
    )  # fmt: skip
