"""One agency of a plan: what it has done, owes and leads, when it last reported (design.md §5, An agency)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from kpis.measures.attainment import attainment, by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed, owed
from kpis.measures.query import KNOWN_NOW, Database, ask, statement
from kpis.measures.task_status import TaskStatus, task_status

Part = Literal["lead", "member"]


@dataclass(frozen=True)
class AgencySummary:
    """An agency as of a day; times are UTC.

    `parts` are its own entries and what they add to each target, `owes` what its shares and ratios still
    lack, `leads` the whole targets it leads, `tasks` the tasks it leads: by itself or for a collective as the
    focal department ("lead"), or as one of a collective ("member"). The row counts are of rows to mend.
    """

    plan: str
    agency: str
    parts: list[Attainment]
    owes: list[Owed]
    leads: list[Attainment]
    leads_owe: list[Owed]
    tasks: list[tuple[Part, TaskStatus]]
    entries: int
    reports: int
    last_report_on: date | None
    last_recorded_at: datetime | None
    weeks_silent: int | None
    rejected_rows: int
    warned_rows: int


def agency(db: Database, plan: str, name: str, as_of: date, year: int | None = None) -> AgencySummary:
    """One agency of a plan, by its canonical name; of an unknown one everything is empty."""
    parts = by_agency(db, as_of, None, year, None, plan, name)
    leads = [row for row in attainment(db, as_of, None, year, None, plan) if row["lead"] == name]
    activity = _activity(db, plan, name, as_of)
    last = cast("date | None", activity["last_report_on"])
    return AgencySummary(
        plan=plan,
        agency=name,
        parts=parts,
        owes=owed(parts, as_of),
        leads=leads,
        leads_owe=owed(leads, as_of),
        tasks=_tasks(db, plan, name, as_of, year),
        entries=cast(int, activity["entries"]),
        reports=cast(int, activity["reports"]),
        last_report_on=last,
        last_recorded_at=cast("datetime | None", activity["last_recorded_at"]),
        weeks_silent=None if last is None else (as_of - last).days // 7,
        rejected_rows=cast(int, activity["rejected_rows"]),
        warned_rows=cast(int, activity["warned_rows"]),
    )


_ACTIVITY = statement(["known_reports", "agency_activity"])
_TASKS = statement(
    ["requested_instances", "deciding_agencies", "collective_members", "agency_tasks"], "task, part"
)


def _activity(db: Database, plan: str, name: str, as_of: date) -> dict[str, object]:
    asked = {"plan": plan, "agency": name, "as_of": as_of, "known_at": KNOWN_NOW}
    (row,) = ask(db, _ACTIVITY, asked)
    return row


def _tasks(
    db: Database, plan: str, name: str, as_of: date, year: int | None
) -> list[tuple[Part, TaskStatus]]:
    asked = {"plan": plan, "agency": name, "as_of": as_of, "year": year}
    part = {str(row["task"]): cast(Part, row["part"]) for row in reversed(ask(db, _TASKS, asked))}
    rows = task_status(db, as_of, plan, year)
    return [(part[row["task"]], row) for row in rows if row["task"] in part and row["current"]]
