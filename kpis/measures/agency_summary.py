"""One agency of a plan: what it did, owes and leads, and its last report (design.md §5, An agency)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, cast

from kpis.measures.agency_activity import AgencyActivity, list_agency_activities
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import Attainment, select_targets
from kpis.measures.owed import DAYS_PER_WEEK, Owed, list_owed
from kpis.measures.predecessors import PredecessorParts, Succession, list_successions, load_predecessor_parts
from kpis.measures.query import DatabaseReader, build_statement, run_query
from kpis.measures.question import Question
from kpis.measures.task_status import TaskStatus, compute_task_status

TaskRole = Literal["lead", "member"]


@dataclass(frozen=True)
class AgencySummary:
    """An agency as of a day; times are naive UTC.

    `predecessors` are the agencies for which it stands, `predecessor_parts` what they have added to its figures;
    `succession` says which agency stands for it, if it has ended by then.

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
    predecessors: list[Succession]
    predecessor_parts: PredecessorParts
    succession: Succession | None


def build_agency_summary(db: DatabaseReader, question: Question) -> AgencySummary:
    """Return the summary of the question's agency in its one plan; empty for an unknown agency."""
    [plan] = question.plans or [""]
    agency, as_of = question.agency or "", question.as_of
    about_plan = replace(question, agency=None)
    contributions = select_targets(compute_by_agency(db, question))
    led_targets = [row for row in compute_targets(db, about_plan) if row["lead"] == agency]
    activity = list_agency_activities(db, question).get(agency, AgencyActivity())
    days_silent = activity.count_days_silent(as_of)
    successions = list_successions(db, question)
    return AgencySummary(
        plan=plan,
        agency=agency,
        contributions=contributions,
        owed=list_owed(contributions, as_of),
        led_targets=led_targets,
        owed_as_lead=list_owed(led_targets, as_of),
        tasks=list_agency_tasks(db, question),
        entries=activity.entries,
        reports=activity.reports,
        last_report_on=activity.last_report_on,
        last_recorded_at=activity.last_recorded_at,
        weeks_silent=None if days_silent is None else days_silent // DAYS_PER_WEEK,
        rejected_rows=activity.rejected_rows,
        warned_rows=activity.warned_rows,
        predecessors=[each for each in successions if each.successor == agency],
        predecessor_parts=load_predecessor_parts(db, question),
        succession=next((each for each in successions if each.agency == agency), None),
    )


_TASKS_QUERY = build_statement(
    ["requested_instances", "standing_successors", "deciding_agencies", "lead_members", "agency_tasks"],
    "task, year, role",
)


def find_task_roles(db: DatabaseReader, question: Question) -> dict[tuple[str, int], TaskRole]:
    """Return (task, year) -> role of the question's agency: it leads it, or is a member of a collective lead."""
    rows = run_query(db, _TASKS_QUERY, {**question.to_parameters(), "year": question.year})
    keys = [(cast(str, row["task"]), cast(int, row["year"])) for row in rows]
    return {key: cast(TaskRole, row["role"]) for key, row in reversed([*zip(keys, rows, strict=True)])}  # "lead" wins


def list_agency_tasks(db: DatabaseReader, question: Question) -> list[tuple[TaskRole, TaskStatus]]:
    """Return the tasks that the question's agency leads or is a member of a lead of, with its role."""
    roles = find_task_roles(db, question)
    tasks = [task for task in compute_task_status(db, question) if task["current"]]
    return [(roles[key], task) for task in tasks if (key := (task["task"], task["year"])) in roles]
