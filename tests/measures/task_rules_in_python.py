"""The rules for tasks (design.md §5, A task) a second time, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tests.measures.mergers_in_python import find_answering
from tests.measures.tiny_database import TinyMerger, TinyReport, TinyTask

STATUS_ORDER = ("not_started", "paused", "in_progress", "done")
SILENT_AFTER = timedelta(days=28)
FOCAL_DEPARTMENT = "Sở Công Thương"


def find_first_recorded(report: TinyReport, history: Sequence[TinyReport]) -> datetime:
    """Return when this content was first recorded, even if that row was retired since."""
    return min(row.recorded for row in history if row.row_hash == report.row_hash)


def compute_occurred_on(report: TinyReport, history: Sequence[TinyReport]) -> date:
    """Return Ngày hoàn thành, else the day (in Việt Nam) it was first recorded."""
    return report.finished_on or (find_first_recorded(report, history) + timedelta(hours=7)).date()


def list_deciding_agencies(task: TinyTask) -> set[str]:
    """Return every single lead; for a collective lead the focal department."""
    return {FOCAL_DEPARTMENT if lead.startswith("các") else lead for lead in task.leads} or {FOCAL_DEPARTMENT}


def find_lead_statuses(
    task: TinyTask,
    instance: tuple[int, date, date | None],
    reports: Sequence[TinyReport],
    until: date,
    mergers: Sequence[TinyMerger] = (),
) -> dict[str, str | None]:
    """Return the latest status of each agency that decides by the plan by a day, None without a report.

    A report without an agency counts as the deciding agency's if there is only one on its day. Since an agency has
    ended, the reports of the one that stands for it are its own.
    """
    deciding = list_deciding_agencies(task)

    def is_its_report(agency: str, day: date, reporter: str | None) -> bool:
        answering = find_answering(mergers, agency, day)
        if reporter is None:
            return {find_answering(mergers, other, day) for other in deciding} == {answering}
        return find_answering(mergers, reporter, day) == answering

    def find_latest_status(agency: str) -> str | None:
        agency_reports = [
            counted
            for counted in _list_counted_reports(task, instance, reports, until)
            if is_its_report(agency, counted[0], counted[3].agency)
        ]
        return max(agency_reports, key=lambda counted: counted[:3])[3].status if agency_reports else None

    return {agency: find_latest_status(agency) for agency in deciding}


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
    task: TinyTask,
    instance: tuple[int, date, date | None],
    reports: Sequence[TinyReport],
    as_of: date,
    mergers: Sequence[TinyMerger] = (),
) -> str:
    """Return the state of one instance as of a day."""
    _, starts_on, due_on = instance
    if as_of < starts_on:
        return "not_started"
    counted_reports = _list_counted_reports(task, instance, reports, as_of)

    def is_done(until: date) -> bool:
        return set(find_lead_statuses(task, instance, reports, until, mergers).values()) == {"done"}

    if due_on is None:
        last_report_on = max([counted[0] for counted in counted_reports], default=starts_on)
        return "silent" if as_of - last_report_on >= SILENT_AFTER else "ongoing"
    if is_done(as_of):
        return "done" if is_done(min(as_of, due_on)) else "done_late"
    if as_of > due_on:
        return "overdue"
    if "paused" in find_lead_statuses(task, instance, reports, as_of, mergers).values():
        return "paused"
    begun = any(counted[3].status != "not_started" for counted in counted_reports)
    return "in_progress" if begun else "not_started"
