"""One agency of a plan: what it did, owes and leads, and its last report (design.md §5, An agency)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import DAYS_PER_WEEK, Owed, list_owed
from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, run_query
from kpis.measures.task_status import TaskStatus, compute_task_status

TaskRole = Literal["lead", "member"]


@dataclass(frozen=True)
class AgencySummary:
    """An agency as of a day; times are naive UTC.

    `contributions` are its own figures for each target, `owed` what its shares and ratios still lack,
    `led_targets` the targets it leads, as a whole. `tasks` are those it leads, alone or as the focal
    department of a collective lead ("lead"), and those of a collective lead it belongs to ("member").
    `rejected_rows` and `warned_rows` count sheet rows that have to be fixed or checked.
    """

    plan: str
    agency: str
    contributions: list[Attainment]
    owed: list[Owed]
    led_targets: list[Attainment]
    owed_as_lead: list[Owed]
    tasks: list[tuple[TaskRole, TaskStatus]]
    entries: int
    reports: int
    last_report_on: date | None
    last_recorded_at: datetime | None
    weeks_silent: int | None
    rejected_rows: int
    warned_rows: int


def build_agency_summary(
    db: DatabaseReader, plan: str, agency: str, as_of: date, year: int | None = None
) -> AgencySummary:
    """Return the summary of an agency by its canonical name; everything is empty for an unknown name."""
    contributions = compute_by_agency(db, as_of, None, year, None, plan, agency)
    led_targets = [
        row for row in compute_attainment(db, as_of, None, year, None, plan) if row["lead"] == agency
    ]
    activity = _read_activity(db, plan, agency, as_of)
    last_report_on = cast("date | None", activity["last_report_on"])
    return AgencySummary(
        plan=plan,
        agency=agency,
        contributions=contributions,
        owed=list_owed(contributions, as_of),
        led_targets=led_targets,
        owed_as_lead=list_owed(led_targets, as_of),
        tasks=_list_tasks(db, plan, agency, as_of, year),
        entries=cast(int, activity["entries"]),
        reports=cast(int, activity["reports"]),
        last_report_on=last_report_on,
        last_recorded_at=cast("datetime | None", activity["last_recorded_at"]),
        weeks_silent=None if last_report_on is None else (as_of - last_report_on).days // DAYS_PER_WEEK,
        rejected_rows=cast(int, activity["rejected_rows"]),
        warned_rows=cast(int, activity["warned_rows"]),
    )


_ACTIVITY_QUERY = build_statement(["known_reports", "agency_activity"])
_TASKS_QUERY = build_statement(
    ["requested_instances", "deciding_agencies", "collective_members", "agency_tasks"], "task, role"
)


def _read_activity(db: DatabaseReader, plan: str, agency: str, as_of: date) -> dict[str, object]:
    params = {"plan": plan, "agency": agency, "as_of": as_of, "known_at": KNOWN_NOW}
    (row,) = run_query(db, _ACTIVITY_QUERY, params)
    return row


def _list_tasks(
    db: DatabaseReader, plan: str, agency: str, as_of: date, year: int | None
) -> list[tuple[TaskRole, TaskStatus]]:
    params = {"plan": plan, "agency": agency, "as_of": as_of, "year": year}
    rows = run_query(db, _TASKS_QUERY, params)
    roles = {str(row["task"]): cast(TaskRole, row["role"]) for row in reversed(rows)}  # "lead" wins
    tasks = compute_task_status(db, as_of, plan, year)
    return [(roles[task["task"]], task) for task in tasks if task["task"] in roles and task["current"]]
