"""One agency of a plan: what it has done, owes and leads, when it last reported (design.md §5, An agency)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed, list_owed
from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, run_query
from kpis.measures.task_status import TaskStatus, compute_task_status

TaskRole = Literal["lead", "member"]


@dataclass(frozen=True)
class AgencySummary:
    """An agency as of a day; times are UTC.

    `parts` are its own entries and what they add to each target, `owes` what its shares and ratios still
    lack, `leads` the whole targets it leads, `tasks` the tasks it leads: by itself or for a collective as the
    focal department ("lead"), or as one of a collective ("member"). The row counts are of rows to mend.
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
    """One agency of a plan, by its canonical name; of an unknown one everything is empty."""
    parts = compute_by_agency(db, as_of, None, year, None, plan, agency)
    leads = [row for row in compute_attainment(db, as_of, None, year, None, plan) if row["lead"] == agency]
    activity = _read_activity(db, plan, agency, as_of)
    last = cast("date | None", activity["last_report_on"])
    return AgencySummary(
        plan=plan,
        agency=agency,
        contributions=parts,
        owed=list_owed(parts, as_of),
        led_targets=leads,
        owed_as_lead=list_owed(leads, as_of),
        tasks=_list_tasks(db, plan, agency, as_of, year),
        entries=cast(int, activity["entries"]),
        reports=cast(int, activity["reports"]),
        last_report_on=last,
        last_recorded_at=cast("datetime | None", activity["last_recorded_at"]),
        weeks_silent=None if last is None else (as_of - last).days // 7,
        rejected_rows=cast(int, activity["rejected_rows"]),
        warned_rows=cast(int, activity["warned_rows"]),
    )


_ACTIVITY_QUERY = build_statement(["known_reports", "agency_activity"])
_TASKS_QUERY = build_statement(
    ["requested_instances", "deciding_agencies", "collective_members", "agency_tasks"], "task, part"
)


def _read_activity(db: DatabaseReader, plan: str, agency: str, as_of: date) -> dict[str, object]:
    asked = {"plan": plan, "agency": agency, "as_of": as_of, "known_at": KNOWN_NOW}
    (row,) = run_query(db, _ACTIVITY_QUERY, asked)
    return row


def _list_tasks(
    db: DatabaseReader, plan: str, agency: str, as_of: date, year: int | None
) -> list[tuple[TaskRole, TaskStatus]]:
    asked = {"plan": plan, "agency": agency, "as_of": as_of, "year": year}
    part = {
        str(row["task"]): cast(TaskRole, row["part"]) for row in reversed(run_query(db, _TASKS_QUERY, asked))
    }
    rows = compute_task_status(db, as_of, plan, year)
    return [(part[row["task"]], row) for row in rows if row["task"] in part and row["current"]]
