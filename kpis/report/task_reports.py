"""What agencies reported on the tasks of a plan, and how many of them did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, cast

from kpis.measures.query import KNOWN_NOW, build_statement, run_query
from kpis.measures.task_status import TaskStatus
from kpis.report.lead_voices import LeadVoices
from kpis.store.database import Database

REPORT_ORDER = (
    "task, occurred_on, recorded_at, caution, agency_position nulls last, agency nulls last,"
    " result nulls first, evidence nulls first, difficulty nulls first"
)
"""The oldest first; reports of one moment by the plan's order of agencies, then by content."""


class AgencyTaskReport(TypedDict):
    """One current report on a task, with the day on which it occurs."""

    task: str
    agency: str | None
    status: str
    result: str | None
    evidence: str | None
    difficulty: str | None
    occurred_on: date


@dataclass(frozen=True)
class ReporterCounts:
    """How many agencies reported on how many tasks."""

    agencies: int
    tasks: int


def read_reports(db: Database, tasks: list[TaskStatus], voices: LeadVoices, as_of: date) -> list[AgencyTaskReport]:
    """Return every report on the tasks up to the day, the latest last, in the same order at every run.

    A report without an agency counts as that of the only deciding agency, if there is one (docs/rules.md).
    """
    rows = run_query(
        db,
        build_statement(["known_reports"], REPORT_ORDER),
        {"known_at": KNOWN_NOW},
    )
    only_agencies = {
        task["task"]: task["lead_reports"][0]["agency"] if len(task["lead_reports"]) == 1 else None for task in tasks
    }
    return [
        {
            **report,
            "agency": report["agency"]
            or voices.find_speaker(report["task"], only_agencies[report["task"]], report["occurred_on"]),
        }
        for report in cast("list[AgencyTaskReport]", rows)
        if report["task"] in only_agencies and report["occurred_on"] <= as_of
    ]


def counts_for_instance(report: AgencyTaskReport, tasks: Mapping[str, TaskStatus]) -> bool:
    """True if the report counts for the task's instance: from its start; for a yearly task, in its year."""
    task = tasks[report["task"]]
    day = report["occurred_on"]
    return task["starts_on"] <= day and (task["timing"] != "yearly" or day.year == task["year"])


def pick_latest(reports: list[AgencyTaskReport]) -> dict[str, list[AgencyTaskReport]]:
    """Return each agency's latest report, by task; `reports` has the latest last."""
    latest: dict[str, dict[str, AgencyTaskReport]] = {}
    for report in reports:
        latest.setdefault(report["task"], {})[report["agency"] or ""] = report
    return {task: list(by_agency.values()) for task, by_agency in latest.items()}


def count_reporters(reports: list[AgencyTaskReport]) -> ReporterCounts:
    """Return how many agencies the reports name, and how many tasks they are on."""
    agencies = {report["agency"] for report in reports if report["agency"]}
    return ReporterCounts(len(agencies), len({report["task"] for report in reports}))
