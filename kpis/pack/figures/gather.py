"""Every figure of one edition, gathered once; the writers of pages, slides and workbook use only these.

A figure is as of one day, as known at the moment of sealing: the current set of a database version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from kpis.language import clock
from kpis.language.messages import Language
from kpis.language.normalization import to_sort_key
from kpis.measures.amended import Amendment, fetch_amendments
from kpis.measures.attainment import compute_targets, iterate_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.carried_words import load_carried_words
from kpis.measures.changes import Changes, compare_with_baseline, compute_baseline_rows, find_last_sunday
from kpis.measures.clauses import ClausesByEntry, load_clauses
from kpis.measures.data_availability import DataAvailability, get_data_availability
from kpis.measures.explanations import Explanation, build_late_answer, fetch_explanations
from kpis.measures.overdue_tasks import select_overdue_tasks
from kpis.measures.owed import Owed, list_owed, select_urgent
from kpis.measures.predecessors import NO_PARTS, PredecessorParts, load_predecessor_parts
from kpis.measures.question import Question, as_plan_set
from kpis.measures.register_facts import PlanFacts, format_place_name, list_plans, load_indicator_names
from kpis.measures.status_overview import build_matrix, group_by_plan, select_judged
from kpis.measures.task_status import TaskStatus, compute_task_status
from kpis.measures.todo import TodoItem, build_todo
from kpis.pack.figures.compressed_rows import CompressedRows
from kpis.pack.figures.previous_edition import EarlierRevision
from kpis.register.model import ReportingDay
from kpis.store.database import Database
from kpis.sync.result import Message
from kpis.sync.status import LastRead, SourceStatus, find_last_reads, find_unread_tabs, list_source_statuses
from kpis.wording import missing_data
from kpis.wording.carried_words import format_carried_words
from kpis.wording.year_end import select_ended_in


@dataclass(frozen=True)
class FiguresQuery:
    """Which figures: the as-of day and the plan (None: all plans).

    They are compared with the figures of the day `since` as known at `since_known_at` (naive UTC): the
    previous edition's day and sealing, else the Sunday before and its end.

    `shares_with_all`: which indicators are shared is asked of all plans, as editions of the first format have it;
    else of the query's plans alone, so that another plan changes nothing of an edition about one.
    """

    as_of: date
    plan: str | None
    since: date
    since_known_at: datetime
    lang: Language = "vi"
    shares_with_all: bool = False

    @property
    def question(self) -> Question:
        """The day's figures as known now."""
        return Question(self.as_of, plans=as_plan_set(self.plan))

    @property
    def earlier(self) -> Question:
        """The figures that they are compared with."""
        return Question(self.since, known_at=self.since_known_at, plans=as_plan_set(self.plan))


@dataclass(frozen=True)
class PlaceFigures:
    """The figures of one plan's page: its targets, the agencies' parts of them, and its tasks."""

    plan: str
    name: str
    is_ward: bool
    province: str
    number: str | None
    title_vi: str
    title_en: str
    reporting_days: tuple[ReportingDay, ...]
    start_year: int
    focal_agency: str
    has_been_read: bool
    """True if one of its sources was ever read successfully."""
    targets: list[Attainment]
    agency_rows: CompressedRows[Attainment]
    tasks: list[TaskStatus]


@dataclass(frozen=True)
class EditionFigures:
    """All figures of an edition; `gathered_at` (naive UTC) is the reference for the age of its sources.

    `places` are provinces, then wards, each in Vietnamese alphabetical order.
    """

    query: FiguresQuery
    version: int
    sample: bool
    read_at: datetime | None
    gathered_at: datetime
    places: list[PlaceFigures]
    place_names: Mapping[str, str]
    """Plan -> name of its place, for every plan, not only those of the query."""
    ward_plans: frozenset[str]
    """The plans of wards, not only those of the query."""
    shared_indicators: list[tuple[str, str, str]]
    """The indicators that the matrix has a column for: id, name_vi, name_en (`build_matrix`)."""
    matrix: dict[str, dict[str, list[Attainment]]]
    """Plan -> shared indicator -> its rows, for the `places`."""
    availability: DataAvailability
    last_read: Mapping[str, LastRead]
    """Plan -> when it was last read, for plans with a source that is no longer read."""
    owed: list[Owed]
    previous_statuses: dict[str, str]
    """Target -> its status in the previous edition; without one, on the day compared with, as known then
    (as known now for a plan that had not been read by then)."""
    changes: Changes
    sources: list[SourceStatus]
    ended_targets: tuple[Attainment, ...] = ()
    """If the day compared with is in an earlier year: the targets whose period ended with that year, as known
    now."""
    ended_tasks: tuple[TaskStatus, ...] = ()
    """In that case too: the tasks as instances of the earlier year that the places do not have, as known now."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Target -> what agencies wrote about a target that is kept in words."""
    earlier_revisions: tuple[EarlierRevision, ...] = ()
    """Revisions of the same week; `changes.lowered_figures` is relative to them too."""
    unread_tabs: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    """Plan -> its tabs that look like ours and are not read."""
    clauses: ClausesByEntry = field(default_factory=dict)
    """Target or task -> its clauses in the accepted document."""
    amendments: tuple[Amendment, ...] = ()
    """What amendments and corrections changed since the day compared with, as known then."""
    predecessor_parts: PredecessorParts = NO_PARTS
    """What agencies that were merged or renamed had added to the figures; the figures themselves hold it."""
    explanations: tuple[Explanation, ...] = ()
    """What was requested of agencies and answered. Not in the fingerprint: an answer amends no sealed week."""

    def build_caveats(self, places: Sequence[PlaceFigures]) -> dict[missing_data.MissingDataKind, str]:
        """Return a sentence for each reason why figures of some of the places are no results."""
        with_tasks = [place.plan for place in places if place.tasks]
        names = {place.plan: place.name for place in places}
        return missing_data.format_sentences(names, with_tasks, self.availability, self.last_read, self.query.lang)

    @property
    def to_do(self) -> list[Owed]:
        """Urgent items, the most urgent first, of plans that have been read at least once."""
        return [item for item in self._urgent if item.row["plan"] not in self.unread_plans]

    @property
    def overdue_tasks(self) -> list[TaskStatus]:
        """The overdue tasks, overdue longest first, of plans whose tab of tasks has been read."""
        tasks = (task for place in self.places for task in place.tasks)
        return select_overdue_tasks(tasks, self.availability.plans_with_tasks)

    @property
    def todo_items(self) -> list[TodoItem]:
        """Everything to do now in one order: late answers, then targets and overdue tasks."""
        late = [item for item in self.explanations if item.state == "late"]
        return build_todo(self.to_do, self.overdue_tasks, map(build_late_answer, late), as_of=self.query.as_of)

    @property
    def unread_to_do_count(self) -> int:
        """The number of urgent items of plans that have never been read."""
        return len(self._urgent) - len(self.to_do)

    @property
    def _urgent(self) -> list[Owed]:
        return select_urgent(self.owed)

    @property
    def unread_plans(self) -> frozenset[str]:
        """The plans of which no source was ever read successfully."""
        return frozenset(place.plan for place in self.places if not place.has_been_read)

    @property
    def is_new_year(self) -> bool:
        """True if the day compared with is in an earlier year, which has other targets."""
        return self.query.since.year != self.query.as_of.year

    @property
    def counted_targets(self) -> list[Attainment]:
        """The targets that the tiles count: a ward's only in its own pack (design.md §5)."""
        counted = [place for place in self.places if not place.is_ward or self.query.plan]
        return [row for place in counted for row in select_judged(place.targets)]


def build_last_week_query(as_of: date, plan: str | None, lang: Language = "vi") -> FiguresQuery:
    """Return the query of an edition without a previous one: compared with the end of the Sunday before."""
    sunday = find_last_sunday(as_of)
    return FiguresQuery(as_of, plan, sunday, clock.get_end_of_day(sunday), lang)


def gather_figures(db: Database, pointer: Path, query: FiguresQuery, now: datetime) -> EditionFigures:
    """Gather all figures of an edition; `now` (naive UTC) is the reference for the age of the sources."""
    all_rows = compute_targets(db, Question(query.as_of) if query.shares_with_all else query.question)
    rows = [row for row in all_rows if query.plan in (None, row["plan"])]
    baseline = compute_baseline_rows(db, replace(query.earlier, year=query.as_of.year))
    agency_rows = iterate_by_agency(db, query.question)
    agencies = _compress_by_plan(row for row in agency_rows if row["span"] is None)
    tasks = compute_task_status(db, replace(query.question, year=query.as_of.year))
    plans = {plan["plan"]: plan for plan in list_plans(db)}
    shared = build_matrix(all_rows)
    availability = get_data_availability(db)
    baseline_year = query.since.year
    own_year_baseline = baseline
    last_year_rows: list[Attainment] = []
    last_year_tasks: list[TaskStatus] = []
    if baseline_year != query.as_of.year:
        own_year_baseline = compute_baseline_rows(db, query.earlier)
        last_year_question = replace(query.question, year=baseline_year)
        last_year_rows = compute_targets(db, last_year_question)
        last_year_tasks = compute_task_status(db, last_year_question)
    places = [
        _build_place(plan, plan_rows, agencies, tasks, plans[plan], has_been_read=plan in availability.plans_read)
        for plan, plan_rows in group_by_plan(rows).items()
    ]
    sources = list_source_statuses(db, pointer, now)
    return EditionFigures(
        query=query,
        version=db.version,
        sample=db.meta.get("sample") == "yes",
        read_at=max((source.last_good_at for source in sources if source.last_good_at), default=None),
        gathered_at=now,
        places=sorted(places, key=lambda place: (place.is_ward, to_sort_key(place.name))),
        place_names={plan: format_place_name(row) for plan, row in plans.items()},
        ward_plans=frozenset(plan for plan, row in plans.items() if row["kind"] == "ward"),
        shared_indicators=_list_shared_indicators(db, shared),
        matrix={place.plan: shared[place.plan] for place in places},
        availability=availability,
        last_read=find_last_reads(db, pointer, query.as_of),
        owed=list_owed(rows, query.as_of),
        previous_statuses={row["target"]: str(row["status"]) for row in own_year_baseline.known_rows},
        ended_targets=tuple(select_ended_in(last_year_rows, baseline_year)),
        ended_tasks=tuple(_select_ended(last_year_tasks, places)),
        changes=compare_with_baseline(
            db,
            query.question,
            query.earlier,
            current_rows=rows,
            baseline=baseline,
            own_year_baseline=own_year_baseline,
            last_year_rows=last_year_rows,
        ),
        words=format_carried_words(load_carried_words(db, query.question, rows), query.lang),
        sources=[source for source in sources if query.plan in (None, source.plan)],
        unread_tabs=find_unread_tabs(pointer),
        clauses=load_clauses(db, query.plan),
        amendments=tuple(fetch_amendments(db, query.question, query.earlier)),
        predecessor_parts=load_predecessor_parts(db, query.question),
        explanations=tuple(fetch_explanations(db, query.question)),
    )


def _select_ended(tasks: Iterable[TaskStatus], places: Iterable[PlaceFigures]) -> Iterator[TaskStatus]:
    """Yield the task instances that no place has: those of last year, and of plans that ended with it."""
    keys = {(task["task"], task["starts_on"]) for place in places for task in place.tasks}
    return (task for task in tasks if (task["task"], task["starts_on"]) not in keys)


def _list_shared_indicators(
    db: Database, cells: Mapping[str, Mapping[str, Sequence[Attainment]]]
) -> list[tuple[str, str, str]]:
    names = load_indicator_names(db)
    shared = {indicator for plan_cells in cells.values() for indicator in plan_cells}
    order = [indicator for indicator in names if indicator in shared]
    return [(indicator, *names[indicator]) for indicator in order]


def _compress_by_plan(rows: Iterable[Attainment]) -> dict[str, CompressedRows[Attainment]]:
    """Return plan -> its agencies' rows, each plan's compressed before the next one's are computed."""
    return {plan: CompressedRows(group) for plan, group in groupby(rows, lambda row: row["plan"])}


def _build_place(
    plan: str,
    rows: list[Attainment],
    agency_rows: Mapping[str, CompressedRows[Attainment]],
    tasks: list[TaskStatus],
    plan_row: PlanFacts,
    *,
    has_been_read: bool,
) -> PlaceFigures:
    return PlaceFigures(
        plan=plan,
        name=format_place_name(plan_row),
        is_ward=plan_row["kind"] == "ward",
        province=plan_row["province"],
        number=plan_row["number"],
        title_vi=plan_row["title_vi"],
        title_en=plan_row["title_en"],
        reporting_days=plan_row["reporting_days"],
        start_year=plan_row["start_year"],
        focal_agency=plan_row["focal_agency"],
        has_been_read=has_been_read,
        targets=rows,
        agency_rows=agency_rows.get(plan) or CompressedRows(()),
        tasks=[task for task in tasks if task["plan"] == plan],
    )
