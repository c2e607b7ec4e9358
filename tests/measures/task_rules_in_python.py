"""The rules for tasks (design.md §5, A task) once more, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tests.measures.tiny_database import TinyReport, TinyTask

STATUS_ORDER = ("not_started", "paused", "in_progress", "done")
SILENT_AFTER = timedelta(days=28)
FOCAL_DEPARTMENT = "Sở Công Thương"


def find_first_recorded(report: TinyReport, history: Sequence[TinyReport]) -> datetime:
    """When this content was first recorded, whatever became of that row since."""
    return min(one.recorded for one in history if one.row_hash == report.row_hash)


def compute_occurred_on(report: TinyReport, history: Sequence[TinyReport]) -> date:
    """On Ngày hoàn thành, else on the day (in Việt Nam) it was first recorded."""
    return report.finished_on or (find_first_recorded(report, history) + timedelta(hours=7)).date()


def list_deciding_agencies(task: TinyTask) -> set[str]:
    """Every single lead; for a collective lead the focal department."""
    return {FOCAL_DEPARTMENT if lead.startswith("các") else lead for lead in task.leads} or {FOCAL_DEPARTMENT}


def find_lead_statuses(
    task: TinyTask, instance: tuple[int, date, date | None], reports: Sequence[TinyReport], until: date
) -> dict[str, str | None]:
    """What each agency whose word decides has last said by a day, None for nothing.

    A report that names no agency is one's own word only where nobody else's decides.
    """
    deciding = list_deciding_agencies(task)

    def latest(agency: str) -> str | None:
        own = [
            one
            for one in _list_counted_reports(task, instance, reports, until)
            if one[3].agency == agency or (one[3].agency is None and len(deciding) == 1)
        ]
        return max(own, key=lambda one: one[:3])[3].status if own else None

    return {agency: latest(agency) for agency in deciding}


def _list_counted_reports(
    task: TinyTask, instance: tuple[int, date, date | None], reports: Sequence[TinyReport], until: date
) -> list[tuple[date, datetime, int, TinyReport]]:
    year, starts_on, _ = instance
    ends_on = date(year, 12, 31) if task.timing == "yearly" else date.max
    return [
        (compute_occurred_on(report, reports), report.recorded, -STATUS_ORDER.index(report.status), report)
        for report in reports
        if report.retired is None and starts_on <= compute_occurred_on(report, reports) <= min(until, ends_on)
    ]


def compute_state(
    task: TinyTask, instance: tuple[int, date, date | None], reports: Sequence[TinyReport], as_of: date
) -> str:
    """The state of one instance as of a day."""
    _, starts_on, due_on = instance
    if as_of < starts_on:
        return "not_started"
    said = _list_counted_reports(task, instance, reports, as_of)

    def done(until: date) -> bool:
        return set(find_lead_statuses(task, instance, reports, until).values()) == {"done"}

    if due_on is None:
        last = max([one[0] for one in said], default=starts_on)
        return "silent" if as_of - last >= SILENT_AFTER else "ongoing"
    if done(as_of):
        return "done" if done(min(as_of, due_on)) else "done_late"
    if as_of > due_on:
        return "overdue"
    if "paused" in find_lead_statuses(task, instance, reports, as_of).values():
        return "paused"
    begun = any(one[3].status != "not_started" for one in said)
    return "in_progress" if begun else "not_started"
