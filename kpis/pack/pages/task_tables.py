"""Tables of annex tasks: those overdue, those that became overdue, those that became done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.overdue_tasks import count_days_overdue
from kpis.measures.task_status import TaskStatus
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.wording import target_figures, task_sentences


def build_task_tables(
    key: str, title: str, tasks: Sequence[TaskStatus], place_names: Mapping[str, str], lang: Language
) -> tuple[Table, ...]:
    """Build the table of these tasks with state and lead; none without a task."""
    if not tasks:
        return ()
    number = formatting.format_number(len(tasks), lang)
    columns = (
        TableColumn(translate(lang, "Province or ward"), width=1.3),
        TableColumn(translate(lang, "Task"), width=4.4),
        TableColumn(translate(lang, "Due"), width=1.2),
        TableColumn(translate(lang, "State"), "status", 1.6),
        TableColumn(translate(lang, "Lead"), width=2.4),
    )
    rows = tuple(_build_row(task, place_names, lang) for task in tasks)
    return (Table(key, f"{translate(lang, title)} ({number})", columns, rows),)


def _build_row(task: TaskStatus, place_names: Mapping[str, str], lang: Language) -> tuple[TableCell, ...]:
    due_on = task["due_on"]
    due = formatting.format_day(due_on, lang) if due_on else formatting.NO_VALUE
    return (
        TableCell(place_names[task["plan"]]),
        TableCell(target_figures.get_title(task, lang), subtext=task["task"]),
        TableCell(due, date_value=due_on),
        _build_state_cell(task, lang),
        TableCell(task_sentences.format_leads(task)),
    )


def _build_state_cell(task: TaskStatus, lang: Language) -> TableCell:
    """Build the cell of a task's state: how long it is overdue, or that it is done and since when."""
    if task["state"] == "overdue":
        return TableCell(task_sentences.format_days_overdue(task, lang), "overdue", number=count_days_overdue(task))
    done = formatting.format_day(task["done_on"], lang) if task["done_on"] else ""
    return TableCell(palette.get_task_state_label(task["state"], lang), task["state"], subtext=done)
