"""Every figure of a plan's yearly report, gathered once; the document uses nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypedDict, cast

from kpis.errors import UsageError
from kpis.language import clock
from kpis.language.normalization import to_number_key
from kpis.measures.amended import Amendment, fetch_amendments
from kpis.measures.attainment import compute_targets
from kpis.measures.attainment_rows import Attainment
from kpis.measures.carried_words import load_carried_words
from kpis.measures.clauses import ClausesByEntry, load_clauses
from kpis.measures.data_availability import DataAvailability, get_data_availability
from kpis.measures.explanations import Explanation
from kpis.measures.predecessors import NO_PARTS, PredecessorParts, load_predecessor_parts
from kpis.measures.query import build_statement, fetch_current_rows, run_query
from kpis.measures.question import Question, as_plan_set
from kpis.measures.task_status import TaskStatus, compute_task_status
from kpis.report.explanations import list_explanations
from kpis.report.lead_voices import LeadVoices, load_lead_voices
from kpis.report.task_reports import (
    AgencyTaskReport,
    ReporterCounts,
    count_reporters,
    counts_for_instance,
    pick_latest,
    read_reports,
)
from kpis.store.database import Database
from kpis.sync.result import Message
from kpis.sync.status import LastRead, find_last_reads, find_unread_tabs
from kpis.wording import missing_data, unread_tabs
from kpis.wording.carried_words import format_carried_words


class ReportedPlan(TypedDict):
    """The plan that is reported on."""

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
    focal_agency: str
    annex_columns: str | None


class AnnexSection(TypedDict):
    """One section of the annex; `parent` is the section above it."""

    section: str
    parent: str | None
    title_vi: str


@dataclass(frozen=True)
class EntryCounts:
    """Entries of a target's period up to the day: all, those of the report's year, those with evidence.

    `first_done_on`: the first day with an entry of at least 1.
    """

    total: int
    in_year: int
    with_evidence: int
    first_done_on: date | None


@dataclass(frozen=True)
class ReportFigures:
    """What the report states; tasks are in the order of the annex.

    `last_read`: the last day of data of plans with abandoned or long unread sources.
    `clauses`: of each target in the accepted document. `amendments`: what changed of the plan since the year began.
    `entry_counts` by target; `words`, by target: what was written about one that is kept in words.
    `reports`: each agency's latest report on a task that counts for its instance.
    `members`: by task, the members of its collective leads.
    `explanations`: what agencies were asked, or explained, in the year; the late ones first.
    `voices`: whose reports speak for a lead; `predecessor_parts`: what agencies had added before they were merged.
    `reporters_in_year`, `reporters_to_date`: who reported on tasks in the report's year, and up to its end.
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
    unread_tabs: Mapping[str, tuple[Message, ...]]
    words: Mapping[str, str]
    clauses: ClausesByEntry
    amendments: list[Amendment]
    voices: LeadVoices = field(default_factory=LeadVoices)
    predecessor_parts: PredecessorParts = NO_PARTS
    explanations: tuple[Explanation, ...] = ()

    @property
    def has_been_read(self) -> bool:
        """True if any source of the plan was ever read successfully."""
        return self.plan["plan"] in self.availability.plans_read

    @property
    def all_rows_rejected(self) -> bool:
        """True if every row that was read was rejected."""
        return self.has_been_read and self.plan["plan"] not in self.availability.plans_with_known_reporters

    @property
    def has_task_tab(self) -> bool:
        """True if a tab of tasks was read."""
        return self.plan["plan"] in self.availability.plans_with_tasks

    @property
    def caveats(self) -> list[str]:
        """Sentences that say why the figures are not complete results."""
        plan = self.plan
        names = {plan["plan"]: plan["place"] if plan["kind"] == "ward" else plan["province"]}
        with_tasks = names if self.tasks else ()
        sentences = missing_data.format_sentences(names, with_tasks, self.availability, self.last_read, "vi").values()
        unread = unread_tabs.format_sentence(names, self.unread_tabs, "vi")
        return [*sentences, *([unread] if unread else [])]

    @property
    def can_state_results(self) -> bool:
        """True if zeroes and statuses come from reports rather than from missing data."""
        return self.has_been_read and not self.all_rows_rejected

    @property
    def can_state_tasks(self) -> bool:
        """True if the states of tasks come from reports rather than from missing data."""
        return self.can_state_results and self.has_task_tab


def resolve_report_day(year: int, today: date, requested_day: date | None = None) -> date:
    """Return the as-of day of a year's report: the requested one, else today or the year's last day.

    Raises UsageError for a day in the future and for a year that has not begun by that day.
    """
    if requested_day is not None and requested_day > today:
        raise UsageError(
            "A report cannot be dated {day}: that day is in the future, today is {today}.",
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
    """Return the figures of a plan's year as of a day; raises UsageError if it has no target in that year."""
    (plan_row,) = cast("list[ReportedPlan]", fetch_current_rows(db, "kpis.report", "reported_plan", {"plan": plan}))
    question = Question(as_of, year=year, plans=as_plan_set(plan))
    targets = compute_targets(db, question)
    if not targets:
        raise UsageError("The plan {plan} has no target for {year}.", plan=plan, year=str(year))
    count_rows = fetch_current_rows(db, "kpis.report", "entry_counts", {"plan": plan, "year": year, "as_of": as_of})
    section_rows = fetch_current_rows(db, "kpis.report", "annex_sections", {"plan": plan})
    sections = cast("list[AnnexSection]", section_rows)
    tasks = sort_tasks(compute_task_status(db, question), sections)
    voices = load_lead_voices(db, plan, question)
    reports = read_reports(db, tasks, voices, as_of)
    tasks_by_id = {task["task"]: task for task in tasks}
    return ReportFigures(
        plan=plan_row,
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
        reports=pick_latest([report for report in reports if counts_for_instance(report, tasks_by_id)]),
        members=_read_members(db, question),
        reporters_in_year=count_reporters([report for report in reports if report["occurred_on"].year == year]),
        reporters_to_date=count_reporters([report for report in reports if report["occurred_on"].year <= year]),
        entry_counts={str(row["target"]): _to_entry_counts(row) for row in count_rows},
        unread_tabs=find_unread_tabs(db.pointer),
        words=format_carried_words(load_carried_words(db, question, targets), "vi"),
        clauses=load_clauses(db, plan),
        amendments=fetch_amendments(db, question, _build_last_year_question(question)),
        voices=voices,
        predecessor_parts=load_predecessor_parts(db, question),
        explanations=list_explanations(db, question, year),
    )


def _build_last_year_question(question: Question) -> Question:
    """Return the same question at the end of the year before, as known then."""
    last_day = date(question.judged_year - 1, 12, 31)
    return replace(question, as_of=last_day, known_at=clock.get_end_of_day(last_day), year=last_day.year)


def sort_tasks(tasks: list[TaskStatus], sections: list[AnnexSection]) -> list[TaskStatus]:
    """Return the tasks by section and number: the register has tasks added by an overlay at its end."""
    positions = {section["section"]: position for position, section in enumerate(sections)}
    parents = {section["section"]: section["parent"] for section in sections}

    # Where a section has a task without a number, its tasks stay in the register's order.
    unnumbered = {task["section"] for task in tasks if task["number"] is None}

    def build_section_path(section: str | None) -> tuple[int, ...]:
        return (*build_section_path(parents[section]), positions[section]) if section in positions else ()

    def build_key(task: TaskStatus) -> tuple[tuple[int, ...], tuple[tuple[int, int, str], ...], int]:
        number = None if task["section"] in unnumbered else task["number"]
        return build_section_path(task["section"]), to_number_key(number or ""), task["position"]

    return sorted(tasks, key=build_key)


def _to_entry_counts(row: Mapping[str, object]) -> EntryCounts:
    return EntryCounts(
        total=cast(int, row["entries"]),
        in_year=cast(int, row["in_year"]),
        with_evidence=cast(int, row["with_evidence"]),
        first_done_on=cast("date | None", row["first_done_on"]),
    )


def _read_members(db: Database, question: Question) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    text = build_statement(["requested_instances", "standing_successors", "lead_members"], "task, agency")
    for row in run_query(db, text, {**question.to_parameters(), "year": question.year}):
        members.setdefault(str(row["task"]), set()).add(str(row["agency"]))
    return {task: frozenset(agencies) for task, agencies in members.items()}
