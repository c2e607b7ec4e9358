"""Tasks: the state of each numbered row of an annex, from its leads' reports (design.md §5, A task)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NotRequired, TypedDict, cast

from kpis.measures.query import DatabaseReader, QueryStep, build_statement, run_query
from kpis.measures.question import Question

TaskState = Literal["overdue", "paused", "silent", "in_progress", "ongoing", "not_started", "done_late", "done"]
TASK_STATES: tuple[TaskState, ...] = (
    "overdue", "paused", "silent", "in_progress", "ongoing", "not_started", "done_late", "done",
)  # fmt: skip
"""Every state, worst first."""
DONE_STATES: tuple[TaskState, ...] = ("done", "done_late")

SILENT_DAYS = 28
"""An ongoing task, or an agency that owes something, is silent after this many days without a report."""

_TASK_STATUS_STEPS: tuple[QueryStep, ...] = (
    "requested_instances",
    "silence_starts",
    "standing_successors",
    "known_reports",
    "deciding_agencies",
    "deciding_voices",
    "lead_members",
    "counted_reports",
    "agency_statuses",
    "member_statuses",
    "answering_leads",
    "task_status",
    "task_status_with_members",
)
_TASK_STATUS_QUERY = build_statement(_TASK_STATUS_STEPS, "plan_position, position, year")


class LeadReport(TypedDict):
    """The latest report of one agency that decides a task's state; `status` is None without a report."""

    agency: str
    status: str | None
    reported_on: date | None


class TaskStatus(TypedDict):
    """One task instance as of a day. `members…` are None without a collective lead.

    `communes_alone`: True if all those members are communes; None without members.
    """

    task: str
    plan: str
    section: str | None
    number: str | None
    title_vi: str
    title_en: str
    line: int
    output: str | None
    schedule: str | None
    timing: str
    year: int
    starts_on: date
    due_on: date | None
    as_of: date
    current: bool
    state: TaskState
    done_on: date | None
    leads: list[str]
    coordinators: list[str]
    lead_reports: list[LeadReport]
    members: int | None
    members_done: int | None
    members_reported: int | None
    reports: int
    last_report_on: date | None
    last_report_by: str | None
    last_status: str | None
    result: str | None
    evidence: str | None
    difficulty: str | None
    weeks_silent: int | None
    province: str
    place: str
    kind: str
    place_suffix: NotRequired[str | None]
    is_plan_over: NotRequired[bool]
    section_vi: str | None
    section_en: str | None
    position: int
    plan_position: int
    communes_alone: bool | None


def compute_task_status(db: DatabaseReader, question: Question) -> list[TaskStatus]:
    """Return one row per task instance begun by the as-of day's year, or a task's first if none has begun.

    `current` marks the instance that represents its task; with the question's `year`, only that year's is
    returned. A yearly task has one instance a year, and only reports of that year count for it.
    """
    # Of the day's own year the answer about every year says the same: it is asked once for all lists of a page.
    year = None if question.year == question.as_of.year else question.year
    params = {**question.to_parameters(), "year": year, "silent_days": SILENT_DAYS}
    rows = run_query(db, _TASK_STATUS_QUERY, params)
    return cast("list[TaskStatus]", [row for row in rows if row["current"]] if year != question.year else rows)


_MEMBERS_OWING_QUERY = build_statement(
    [
        "requested_instances",
        "standing_successors",
        "known_reports",
        "lead_members",
        "counted_reports",
        "agency_statuses",
        "member_statuses",
        "members_owing",
    ],
    "task, year, agency",
)


def list_deciding_agencies_not_done(task: TaskStatus) -> list[str]:
    """Return the agencies whose report decides a task and does not say that it is done."""
    return [report["agency"] for report in task["lead_reports"] if report["status"] != "done"]


def list_members_owing(
    db: DatabaseReader, question: Question, tasks: Iterable[TaskStatus]
) -> dict[tuple[str, int], list[str]]:
    """Return (task, year) -> the members of the task's collective lead that have not reported it done."""
    members: dict[tuple[str, int], list[str]] = {}
    names = sorted({task["task"] for task in tasks if task["members"]})
    if not names:
        return members
    params = {**question.to_parameters(), "year": question.year, "tasks": names}
    for row in run_query(db, _MEMBERS_OWING_QUERY, params):
        members.setdefault((str(row["task"]), cast(int, row["year"])), []).append(str(row["agency"]))
    return members
