"""Overdue tasks in words, the same on page and in pack."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.overdue_tasks import count_days_overdue
from kpis.measures.task_status import TaskStatus


def format_days_overdue(task: TaskStatus, lang: Language) -> str:
    """Return how long a task is overdue: "quá hạn 5 tuần", "quá hạn 6 ngày"."""
    time = formatting.format_weeks(count_days_overdue(task), lang)
    return translate(lang, "{time} overdue", time=time)


def format_leads(task: TaskStatus) -> str:
    """Return the lead agencies in the order in which the plan names them."""
    return "; ".join(task["leads"])
