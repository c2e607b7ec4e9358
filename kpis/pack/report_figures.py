"""Every figure of a plan's yearly report, asked once: its document draws from this alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, cast

from kpis.errors import UsageError
from kpis.measures.attainment import attainment
from kpis.measures.query import KNOWN_NOW, ask, statement
from kpis.measures.rows import Attainment
from kpis.measures.tasks import TaskStatus, task_status
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.state import read_plans


class TaskReport(TypedDict):
    """One current report on a task, the day on which it occurs."""

    task: str
    agency: str | None
    status: str
    result: str | None
    evidence: str | None
    difficulty: str | None
    occurred_on: date


class PlanFacts(TypedDict):
    """The document that is reported on."""

    plan: str
    province: str
    place: str
    kind: str
    title_vi: str
    issuer: str
    number: str | None
    issued_on: date | None
    start_year: int
    end_year: int | None
    reporting_day: str | None
    focal_agency: str


class SectionOfAnnex(TypedDict):
    """One section of the annex; `parent` is the section it stands under."""

    section: str
    parent: str | None
    title_vi: str


@dataclass(frozen=True)
class ReportFigures:
    """What the report says; tasks in the order of the annex.

    `read`: whether any source of the plan was ever read well.
    `evidence` by target: entries, and those of them that name their evidence.
    """

    plan: PlanFacts
    year: int
    as_of: date
    version: int
    sample: bool
    read: bool
    recorded_at: datetime
    targets: list[Attainment]
    tasks: list[TaskStatus]
    sections: list[SectionOfAnnex]
    reports: dict[str, list[TaskReport]]
    evidence: Mapping[str, tuple[int, int]]


def report_day(year: int, today: date, asked: date | None = None) -> date:
    """The day that a year's report stands at: the one asked for, else today or the year's last day.

    UsageError for a year that has not begun by then, and for a day that has not come.
    """
    if asked is not None and asked > today:
        raise UsageError(
            "A report cannot stand at {day}: that day has not come, today is {today}.",
            day=f"{asked:%d/%m/%Y}",
            today=f"{today:%d/%m/%Y}",
        )
    day = asked or min(today, date(year, 12, 31))
    if min(day, today) < date(year, 1, 1):
        raise UsageError(
            "The year {year} has not begun by {day}: there is nothing to report yet.",
            year=str(year),
            day=f"{min(day, today):%d/%m/%Y}",
        )
    return day


def gather_report(db: Database, plan: str, year: int, as_of: date) -> ReportFigures:
    """The figures of a plan's year as of a day; UsageError where the plan promises nothing for that year."""
    (facts,) = cast("list[PlanFacts]", db.rows(sql.load("kpis.pack", "report_plan"), {"plan": plan}))
    targets = attainment(db, as_of, None, year, None, plan)
    if not targets:
        raise UsageError("The plan {plan} promises nothing for {year}.", plan=plan, year=str(year))
    counted = db.rows(sql.load("kpis.pack", "report_evidence"), {"plan": plan, "year": year, "as_of": as_of})
    found = db.rows(sql.load("kpis.pack", "report_sections"), {"plan": plan})
    sections = cast("list[SectionOfAnnex]", found)
    return ReportFigures(
        plan=facts,
        year=year,
        as_of=as_of,
        version=db.version,
        sample=db.meta.get("sample") == "yes",
        read=plan in read_plans(db),
        recorded_at=datetime.fromisoformat(db.meta["recorded_at"]),
        targets=targets,
        tasks=_in_order(task_status(db, as_of, plan, year), sections),
        sections=sections,
        reports=_reports(db, plan, year, as_of),
        evidence={
            str(row["target"]): (int(str(row["entries"])), int(str(row["with_evidence"]))) for row in counted
        },
    )


def _in_order(tasks: list[TaskStatus], sections: list[SectionOfAnnex]) -> list[TaskStatus]:
    """The tasks by section, then number: one that an overlay adds stands last in the register."""
    places = {one["section"]: place for place, one in enumerate(sections)}
    parents = {one["section"]: one["parent"] for one in sections}

    def path(section: str | None) -> tuple[int, ...]:
        return (*path(parents[section]), places[section]) if section in places else ()

    return sorted(tasks, key=lambda task: (path(task["section"]), task["number"], task["position"]))


def _reports(db: Database, plan: str, year: int, as_of: date) -> dict[str, list[TaskReport]]:
    """The latest report of each agency on each task within the year, up to the day."""
    asked = {"known_at": KNOWN_NOW}
    rows = ask(db, statement(["known_reports"], "task, occurred_on, recorded_at, caution"), asked)
    latest: dict[str, dict[str, TaskReport]] = {}
    for row in cast("list[TaskReport]", rows):
        day = row["occurred_on"]
        if row["task"].startswith(f"{plan}.") and day.year == year and day <= as_of:
            latest.setdefault(row["task"], {})[row["agency"] or ""] = row
    return {task: list(own.values()) for task, own in latest.items()}
