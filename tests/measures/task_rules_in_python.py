"""The rules for tasks (design.md §5, A task) once more, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tests.measures.tiny import TinyReport, TinyTask

CAUTION = ("not_started", "paused", "in_progress", "done")
SILENT = timedelta(days=28)
FOCAL = "Sở Công Thương"


def first_recorded(report: TinyReport, history: Sequence[TinyReport]) -> datetime:
    """When this content was first recorded, whatever became of that row since."""
    return min(one.recorded for one in history if one.row_hash == report.row_hash)


def occurs_on(report: TinyReport, history: Sequence[TinyReport]) -> date:
    """On Ngày hoàn thành, else on the day (in Việt Nam) it was first recorded."""
    return report.finished_on or (first_recorded(report, history) + timedelta(hours=7)).date()


def speakers(task: TinyTask) -> set[str]:
    """Every single lead; for a collective lead the focal department."""
    return {FOCAL if lead.startswith("các") else lead for lead in task.leads} or {FOCAL}


def state(
    task: TinyTask, instance: tuple[int, date, date | None], reports: Sequence[TinyReport], as_of: date
) -> str:
    """The state of one instance as of a day."""
    year, starts_on, due_on = instance
    if as_of < starts_on:
        return "not_started"
    ends_on = date(year, 12, 31) if task.timing == "yearly" else date.max
    current = [report for report in reports if report.retired is None]
    said = [
        (occurs_on(report, reports), report.recorded, -CAUTION.index(report.status), report)
        for report in current
        if starts_on <= occurs_on(report, reports) <= min(as_of, ends_on)
    ]

    def latest(agency: str, until: date) -> str | None:
        own = [one for one in said if one[3].agency in (agency, None) and one[0] <= until]
        return max(own, key=lambda one: one[:3])[3].status if own else None

    def done(until: date) -> bool:
        return all(latest(agency, until) == "done" for agency in speakers(task))

    if due_on is None:
        last = max([one[0] for one in said], default=starts_on)
        return "silent" if as_of - last >= SILENT else "ongoing"
    if done(as_of):
        return "done" if done(min(as_of, due_on)) else "done_late"
    if as_of > due_on:
        return "overdue"
    if any(latest(agency, as_of) == "paused" for agency in speakers(task)):
        return "paused"
    begun = any(one[3].status != "not_started" for one in said)
    return "in_progress" if begun else "not_started"
