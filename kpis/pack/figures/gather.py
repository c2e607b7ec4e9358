"""Every figure of one edition, asked once: the writers of pages, slides and workbook draw from this alone.

A figure is of the as-of day as known at the moment of sealing, which is the current set of a version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from kpis.language import clock
from kpis.language.messages import Language
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_attainment, iterate_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes, compare_with_baseline, compute_baseline_rows, find_last_sunday
from kpis.measures.data_availability import DataAvailability, get_data_availability
from kpis.measures.owed import Owed, list_owed, select_urgent
from kpis.measures.register_facts import PlanFacts, format_place_name, list_plans, load_indicator_names
from kpis.measures.status_overview import build_matrix, group_by_plan
from kpis.measures.task_status import TaskStatus, compute_task_status
from kpis.pack.figures.compressed_rows import CompressedRows
from kpis.pack.figures.previous_edition import EarlierRevision
from kpis.store.database import Database
from kpis.sync.status import LastRead, SourceStatus, find_last_reads, list_source_statuses
from kpis.wording import missing_data
from kpis.wording.year_end import select_ended_in

# What tells one agency's part from another's; the rest of its row is the target's.
_AGENCY_COLUMNS = (
    "target", "period_start", "agency", "share", "floor", "expected", "numerator", "denominator", "actual",
    "status", "entries",
)  # fmt: skip


@dataclass(frozen=True)
class FiguresQuery:
    """Whose figures, of which day: `plan` None is every plan. `since` and `known_then` say against what:

    the previous edition's day and sealing, else the Sunday before and its end.
    """

    as_of: date
    plan: str | None
    since: date
    since_known_at: datetime
    lang: Language = "vi"


@dataclass(frozen=True)
class PlaceFigures:
    """One plan's page: its targets, who adds what to them, and its tasks."""

    plan: str
    name: str
    is_ward: bool
    province: str
    number: str | None
    title_vi: str
    title_en: str
    reporting_day: str | None
    focal_agency: str
    has_been_read: bool
    """Whether any of its sources was ever read well."""
    targets: list[Attainment]
    agency_rows: CompressedRows[Attainment]
    tasks: list[TaskStatus]


@dataclass(frozen=True)
class EditionFigures:
    """What an edition says, as it was asked at a moment (naive UTC), for the age of its sources.

    `places` are provinces, then wards, each in Vietnamese alphabetical order.
    """

    query: FiguresQuery
    version: int
    sample: bool
    read_at: datetime | None
    gathered_at: datetime
    places: list[PlaceFigures]
    place_names: Mapping[str, str]
    """Every plan, asked for or not, with the name of its place."""
    ward_plans: frozenset[str]
    """The plans of wards, asked for or not."""
    shared_indicators: list[tuple[str, str, str]]
    """Indicators of two plans or more, whichever plan is asked for: id, name_vi, name_en."""
    matrix: dict[str, dict[str, list[Attainment]]]
    """Plan -> shared indicator -> its rows, of the `places`."""
    availability: DataAvailability
    last_read: Mapping[str, LastRead]
    """Plan -> until when it was read, where nobody reads it any more."""
    owed: list[Owed]
    previous_statuses: dict[str, str]
    """Target -> its status in the edition before; without one on the day compared with, as known then (of an
    unread plan as known now)."""
    changes: Changes
    sources: list[SourceStatus]
    ended_targets: tuple[Attainment, ...] = ()
    """Where the day compared with is of an earlier year: what ended with that one, as it stands now."""
    earlier_revisions: tuple[EarlierRevision, ...] = ()
    """The revisions of the same week whose figures `changes.lowered` is held against too."""

    def build_caveats(self, places: Sequence[PlaceFigures]) -> dict[missing_data.MissingDataKind, str]:
        """What keeps the figures of some places from being results, in words."""
        with_tasks = [place.plan for place in places if place.tasks]
        names = {place.plan: place.name for place in places}
        return missing_data.format_sentences(
            names, with_tasks, self.availability, self.last_read, self.query.lang
        )

    @property
    def to_do(self) -> list[Owed]:
        """What presses, the most pressing first, of places that were ever read: the others are to be read."""
        return [one for one in self._pressing if one.row["plan"] not in self.unread_plans]

    @property
    def unread_to_do_count(self) -> int:
        """How much more presses where nothing was ever read."""
        return len(self._pressing) - len(self.to_do)

    @property
    def _pressing(self) -> list[Owed]:
        return select_urgent(self.owed)

    @property
    def unread_plans(self) -> frozenset[str]:
        """The plans of which no source was ever read well."""
        return frozenset(place.plan for place in self.places if not place.has_been_read)

    @property
    def is_new_year(self) -> bool:
        """Whether the day compared with is of an earlier year, whose targets are others."""
        return self.query.since.year != self.query.as_of.year

    @property
    def counted_targets(self) -> list[Attainment]:
        """The targets of the tiles: a ward's are its own, never its province's (design.md §5)."""
        return [row for place in self.places if not place.is_ward or self.query.plan for row in place.targets]

    def compute_fingerprint(self) -> str:
        """SHA-256 of all that is said of the day, whichever version says it: equal figures, equal text.

        When the sources were read, and how many rows they had, is not part of it: that goes on, and amends
        no past week.
        """
        said = {
            "as_of": self.query.as_of,
            "plan": self.query.plan,
            "lang": self.query.lang,
            "sample": self.sample,
            "shared": self.shared_indicators,
            "owed": self.owed,
            "before": self.previous_statuses,
            "changes": self.changes,
            "ended": self.ended_targets,
            "caveats": replace(self, last_read={}).build_caveats(
                self.places
            ),  # ages go on, and amend nothing
        }
        found = sha256()
        for part in (said, *self.places):  # one place's text at a time
            found.update(_dump_json(part).encode())
        return found.hexdigest()


def build_last_week_query(as_of: date, plan: str | None, lang: Language = "vi") -> FiguresQuery:
    """The question of a first edition: against the Sunday before, as known at its end."""
    sunday = find_last_sunday(as_of)
    return FiguresQuery(as_of, plan, sunday, clock.get_end_of_day(sunday), lang)


def gather_figures(db: Database, pointer: Path, query: FiguresQuery, now: datetime) -> EditionFigures:
    """All figures of an edition; `now` (naive UTC) is the moment of sealing, for the age of the sources."""
    all_rows = compute_attainment(db, query.as_of)  # one plan's own do not tell what is shared
    rows = [row for row in all_rows if query.plan in (None, row["plan"])]
    before = compute_baseline_rows(db, query.since, query.since_known_at, query.as_of.year, plan=query.plan)
    agencies = _compress_by_plan(iterate_by_agency(db, query.as_of, plan=query.plan))
    tasks = compute_task_status(db, query.as_of, query.plan, query.as_of.year)
    plans = {plan["plan"]: plan for plan in list_plans(db)}
    shared = build_matrix(all_rows)
    reached = get_data_availability(db)
    year_then = query.since.year
    new_year = year_then != query.as_of.year
    then = (
        compute_baseline_rows(db, query.since, query.since_known_at, year_then, plan=query.plan)
        if new_year
        else before
    )
    last_year = compute_attainment(db, query.as_of, year=year_then, plan=query.plan) if new_year else []
    places = [
        _build_place(plan, own, agencies, tasks, plans[plan], has_been_read=plan in reached.plans_read)
        for plan, own in group_by_plan(rows).items()
    ]
    states = list_source_statuses(db, pointer, now)
    return EditionFigures(
        query=query,
        version=db.version,
        sample=db.meta.get("sample") == "yes",
        read_at=max((one.last_good_at for one in states if one.last_good_at), default=None),
        gathered_at=now,
        places=sorted(places, key=lambda place: (place.is_ward, to_sort_key(place.name))),
        place_names={plan: format_place_name(row) for plan, row in plans.items()},
        ward_plans=frozenset(plan for plan, row in plans.items() if row["kind"] == "ward"),
        shared_indicators=_list_shared_indicators(db, shared),
        matrix={place.plan: shared[place.plan] for place in places},
        availability=reached,
        last_read=find_last_reads(db, pointer, query.as_of),
        owed=list_owed(rows, query.as_of),
        previous_statuses={row["target"]: str(row["status"]) for row in then.known_rows},
        ended_targets=tuple(select_ended_in(last_year, year_then)),
        changes=compare_with_baseline(
            db,
            query.as_of,
            query.since,
            query.since_known_at,
            plan=query.plan,
            current_rows=rows,
            baseline=before,
            own_year_baseline=then,
            last_year_rows=last_year,
        ),
        sources=[one for one in states if query.plan in (None, one.plan)],
    )


def _list_shared_indicators(
    db: Database, cells: Mapping[str, Mapping[str, Sequence[Attainment]]]
) -> list[tuple[str, str, str]]:
    names = load_indicator_names(db)
    shared = {indicator for own in cells.values() for indicator in own}
    order = [indicator for indicator in names if indicator in shared]
    return [(indicator, *names[indicator]) for indicator in order]


def _compress_by_plan(rows: Iterable[Attainment]) -> dict[str, CompressedRows[Attainment]]:
    """The agencies' rows, plan by plan, each packed before the next one's are made."""
    return {plan: CompressedRows(own) for plan, own in groupby(rows, lambda row: row["plan"])}


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
        reporting_day=plan_row["reporting_day"],
        focal_agency=plan_row["focal_agency"],
        has_been_read=has_been_read,
        targets=rows,
        agency_rows=agency_rows.get(plan) or CompressedRows(()),
        tasks=[task for task in tasks if task["plan"] == plan],
    )


def _dump_json(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True, default=to_json_value, separators=(",", ":"))


def to_json_value(value: object) -> object:
    """A value as JSON has it: days and moments in ISO form, exact numbers as texts, records as objects."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, CompressedRows):
        return [[one[name] for name in _AGENCY_COLUMNS] for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    raise TypeError(type(value))
