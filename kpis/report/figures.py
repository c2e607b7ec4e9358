"""Every figure of a plan's yearly report, asked once: its document draws from this alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, cast

from kpis.errors import UsageError
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.data_availability import DataAvailability, get_data_availability
from kpis.measures.query import KNOWN_NOW, build_statement, run_query
from kpis.measures.task_status import TaskStatus, compute_task_status
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.status import LastRead, find_last_reads
from kpis.wording import missing_data


class AgencyTaskReport(TypedDict):
    """One current report on a task, the day on which it occurs."""

    task: str
    agency: str | None
    status: str
    result: str | None
    evidence: str | None
    difficulty: str | None
    occurred_on: date


class ReportedPlan(TypedDict):
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


class AnnexSection(TypedDict):
    """One section of the annex; `parent` is the section it stands under."""

    section: str
    parent: str | None
    title_vi: str


@dataclass(frozen=True)
class EntryCounts:
    """The entries of a target's period up to the day, those of the report's year, those that name evidence.

    `first_done_on`: the first day on which anything was done.
    """

    total: int
    in_year: int
    with_evidence: int
    first_done_on: date | None


@dataclass(frozen=True)
class ReporterCounts:
    """How many agencies reported on how many tasks."""

    agencies: int
    tasks: int


@dataclass(frozen=True)
class ReportFigures:
    """What the report says; tasks in the order of the annex.

    `reach` and `last_read`: what was read of the plans, and until when, where nobody reads one any more.
    `entries` by target. `reports`: each agency's latest on a task, within the instance that is judged.
    `members`: by task, who belongs to its collective leads.
    `in_year` and `ever`: who reported on tasks in the report's year, and in it and the years before.
    """

    plan: ReportedPlan
    year: int
    as_of: date
    version: int
    sample: bool
    availability: DataAvailability
    last_read: Mapping[str, LastRead]
    recorded_at: datetime
    targets: list[Attainment]
    tasks: list[TaskStatus]
    sections: list[AnnexSection]
    reports: dict[str, list[AgencyTaskReport]]
    members: Mapping[str, frozenset[str]]
    reporters_in_year: ReporterCounts
    reporters_to_date: ReporterCounts
    entry_counts: Mapping[str, EntryCounts]

    @property
    def has_been_read(self) -> bool:
        """Whether any source of the plan was ever read well."""
        return self.plan["plan"] in self.availability.plans_read

    @property
    def all_rows_rejected(self) -> bool:
        """Whether every row of it was sent back."""
        return self.has_been_read and self.plan["plan"] not in self.availability.plans_with_known_reporters

    @property
    def has_task_tab(self) -> bool:
        """Whether it has a tab of tasks."""
        return self.plan["plan"] in self.availability.plans_with_tasks

    @property
    def caveats(self) -> list[str]:
        """What keeps the figures from being results, in words."""
        facts = self.plan
        names = {facts["plan"]: facts["place"] if facts["kind"] == "ward" else facts["province"]}
        with_tasks = names if self.tasks else ()
        return list(
            missing_data.format_sentences(names, with_tasks, self.availability, self.last_read, "vi").values()
        )

    @property
    def can_state_results(self) -> bool:
        """Whether zeroes and statuses are what was reported, and no gap in what was read."""
        return self.has_been_read and not self.all_rows_rejected

    @property
    def can_state_tasks(self) -> bool:
        """The same for the states of tasks."""
        return self.can_state_results and self.has_task_tab


def resolve_report_day(year: int, today: date, requested_day: date | None = None) -> date:
    """The day that a year's report stands at: the one asked for, else today or the year's last day.

    UsageError for a year that has not begun by then, and for a day that has not come.
    """
    if requested_day is not None and requested_day > today:
        raise UsageError(
            "A report cannot stand at {day}: that day has not come, today is {today}.",
            day=f"{requested_day:%d/%m/%Y}",
            today=f"{today:%d/%m/%Y}",
        )
    day = requested_day or min(today, date(year, 12, 31))
    if min(day, today) < date(year, 1, 1):
        raise UsageError(
            "The year {year} has not begun by {day}: there is nothing to report yet.",
            year=str(year),
            day=f"{min(day, today):%d/%m/%Y}",
        )
    return day


def gather_report(db: Database, plan: str, year: int, as_of: date) -> ReportFigures:
    """The figures of a plan's year as of a day; UsageError where the plan promises nothing for that year."""
    (facts,) = cast(
        "list[ReportedPlan]", db.fetch_rows(sql.load("kpis.report", "reported_plan"), {"plan": plan})
    )
    targets = compute_attainment(db, as_of, None, year, None, plan)
    if not targets:
        raise UsageError("The plan {plan} promises nothing for {year}.", plan=plan, year=str(year))
    counted = db.fetch_rows(
        sql.load("kpis.report", "entry_counts"), {"plan": plan, "year": year, "as_of": as_of}
    )
    found = db.fetch_rows(sql.load("kpis.report", "annex_sections"), {"plan": plan})
    sections = cast("list[AnnexSection]", found)
    tasks = _sort_tasks(compute_task_status(db, as_of, plan, year), sections)
    reports = _read_reports(db, tasks, as_of)
    judged = {task["task"]: task for task in tasks}
    within = [report for report in reports if _is_judged(report, judged)]
    return ReportFigures(
        plan=facts,
        year=year,
        as_of=as_of,
        version=db.version,
        sample=db.meta.get("sample") == "yes",
        availability=get_data_availability(db),
        last_read=find_last_reads(db, db.pointer, as_of),
        recorded_at=datetime.fromisoformat(db.meta["recorded_at"]),
        targets=targets,
        tasks=tasks,
        sections=sections,
        reports=_pick_latest(within),
        members=_read_members(db, judged),
        reporters_in_year=_count_reporters(
            [report for report in reports if report["occurred_on"].year == year]
        ),
        reporters_to_date=_count_reporters(
            [report for report in reports if report["occurred_on"].year <= year]
        ),
        entry_counts={str(row["target"]): _to_entry_counts(row) for row in counted},
    )


def _sort_tasks(tasks: list[TaskStatus], sections: list[AnnexSection]) -> list[TaskStatus]:
    """The tasks by section, then number: one that an overlay adds stands last in the register."""
    places = {one["section"]: place for place, one in enumerate(sections)}
    parents = {one["section"]: one["parent"] for one in sections}

    def build_section_path(section: str | None) -> tuple[int, ...]:
        return (*build_section_path(parents[section]), places[section]) if section in places else ()

    return sorted(
        tasks, key=lambda task: (build_section_path(task["section"]), task["number"], task["position"])
    )


def _to_entry_counts(row: Mapping[str, object]) -> EntryCounts:
    return EntryCounts(
        total=cast(int, row["entries"]),
        in_year=cast(int, row["in_year"]),
        with_evidence=cast(int, row["with_evidence"]),
        first_done_on=cast("date | None", row["first_done_on"]),
    )


def _read_reports(db: Database, tasks: list[TaskStatus], as_of: date) -> list[AgencyTaskReport]:
    """Every report on the tasks up to the day, the latest last.

    One that names no agency is of the agency that decides alone, where one does (docs/rules.md).
    """
    rows = run_query(
        db,
        build_statement(["known_reports"], "task, occurred_on, recorded_at, caution"),
        {"known_at": KNOWN_NOW},
    )
    alone = {
        task["task"]: task["lead_reports"][0]["agency"] if len(task["lead_reports"]) == 1 else None
        for task in tasks
    }
    return [
        {**report, "agency": report["agency"] or alone[report["task"]]}
        for report in cast("list[AgencyTaskReport]", rows)
        if report["task"] in alone and report["occurred_on"] <= as_of
    ]


def _read_members(db: Database, tasks: Mapping[str, TaskStatus]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for row in run_query(db, build_statement(["collective_members"], "task, agency"), {}):
        if row["task"] in tasks:
            members.setdefault(str(row["task"]), set()).add(str(row["agency"]))
    return {task: frozenset(own) for task, own in members.items()}


def _is_judged(report: AgencyTaskReport, tasks: Mapping[str, TaskStatus]) -> bool:
    """Whether the report counts for the task's instance: from its start on, of a yearly task in its year."""
    task = tasks[report["task"]]
    day = report["occurred_on"]
    return task["starts_on"] <= day and (task["timing"] != "yearly" or day.year == task["year"])


def _pick_latest(reports: list[AgencyTaskReport]) -> dict[str, list[AgencyTaskReport]]:
    """The latest report of each agency on each task."""
    latest: dict[str, dict[str, AgencyTaskReport]] = {}
    for report in reports:
        latest.setdefault(report["task"], {})[report["agency"] or ""] = report
    return {task: list(own.values()) for task, own in latest.items()}


def _count_reporters(reports: list[AgencyTaskReport]) -> ReporterCounts:
    agencies = {report["agency"] for report in reports if report["agency"]}
    return ReporterCounts(len(agencies), len({report["task"] for report in reports}))
