"""The figures of one edition as values; the writers of pages, slides and workbook use only these.

A figure is as of one day, as known at the moment of sealing: the current set of a database version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from kpis.language.messages import Language
from kpis.measures.amended import Amendment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes
from kpis.measures.clauses import ClausesByEntry
from kpis.measures.data_availability import DataAvailability
from kpis.measures.explanations import Explanation, build_late_answer
from kpis.measures.overdue_tasks import select_overdue_tasks
from kpis.measures.owed import Owed, select_urgent
from kpis.measures.predecessors import NO_PARTS, PredecessorParts
from kpis.measures.question import Question, as_plan_set
from kpis.measures.status_overview import select_judged
from kpis.measures.task_status import TaskStatus
from kpis.measures.todo import TodoItem, build_todo
from kpis.pack.figures.compressed_rows import CompressedRows
from kpis.pack.figures.previous_edition import EarlierRevision
from kpis.register.model import ReportingDay
from kpis.sync.result import Message
from kpis.sync.status import LastRead, SourceStatus
from kpis.wording import missing_data


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
    """What was requested of agencies and not withdrawn, and answered. Not in the fingerprint: an answer amends no
    sealed week."""

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
        """Everything to do now in one order: late answers, targets and overdue tasks, figures with rows to confirm."""
        late = [item for item in self.explanations if item.state == "late"]
        return build_todo(
            self.to_do,
            self.overdue_tasks,
            map(build_late_answer, late),
            as_of=self.query.as_of,
            doubted=[row for place in self.places if place.has_been_read for row in place.targets if row["doubts"]],
        )

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
