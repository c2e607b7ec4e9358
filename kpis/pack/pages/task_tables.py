"""Tables of overdue annex tasks: those to do now and those that became overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.overdue_tasks import count_days_overdue
from kpis.measures.task_status import TaskStatus
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.wording import target_figures, task_sentences


def build_task_tables(
    key: str, title: str, tasks: Sequence[TaskStatus], place_names: Mapping[str, str], lang: Language
) -> tuple[Table, ...]:
    """Build the table of these tasks with lead and days overdue; none without a task."""
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
    overdue = task_sentences.format_days_overdue(task, lang)
    return (
        TableCell(place_names[task["plan"]]),
        TableCell(target_figures.get_title(task, lang), subtext=task["task"]),
        TableCell(due, date_value=due_on),
        TableCell(overdue, task["state"], number=count_days_overdue(task)),
        TableCell(task_sentences.format_leads(task)),
    )
