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
from typing import Any

from kpis.language import clock
from kpis.language.messages import Language
from kpis.language.normalization import sort_key
from kpis.measures.attainment import attainment, each_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes, earlier, last_sunday, since
from kpis.measures.data_availability import Reach, reach
from kpis.measures.owed import Owed, owed, pressing
from kpis.measures.status_overview import by_plan, matrix
from kpis.measures.task_status import TaskStatus, task_status
from kpis.pack.figures.compressed_rows import Packed
from kpis.pack.figures.previous_edition import Revised
from kpis.pack.figures.scopes import named_place
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.status import LastRead, SourceStatus, last_read, source_statuses
from kpis.wording import missing_data
from kpis.wording.year_end import ended_in

# What tells one agency's part from another's; the rest of its row is the target's.
_OF_AN_AGENCY = (
    "target", "period_start", "agency", "share", "floor", "expected", "numerator", "denominator", "actual",
    "status", "entries",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Whose figures, of which day: `plan` None is every plan. `since` and `known_then` say against what:

    the previous edition's day and sealing, else the Sunday before and its end.
    """

    as_of: date
    plan: str | None
    since: date
    known_then: datetime
    lang: Language = "vi"


@dataclass(frozen=True)
class Place:
    """One plan's page: its targets, who adds what to them, and its tasks."""

    plan: str
    name: str
    ward: bool
    province: str
    number: str | None
    title_vi: str
    title_en: str
    reporting_day: str | None
    focal_agency: str
    read: bool
    """Whether any of its sources was ever read well."""
    targets: list[Attainment]
    agencies: Packed[Attainment]
    tasks: list[TaskStatus]


@dataclass(frozen=True)
class Figures:
    """What an edition says, as it was asked at a moment (naive UTC), for the age of its sources.

    `places` are provinces, then wards, each in Vietnamese alphabetical order.
    """

    asked: Asked
    version: int
    sample: bool
    read_at: datetime | None
    asked_at: datetime
    places: list[Place]
    names: Mapping[str, str]
    """Every plan, asked for or not, with the name of its place."""
    wards: frozenset[str]
    """The plans of wards, asked for or not."""
    shared: list[tuple[str, str, str]]
    """Indicators of two plans or more, whichever plan is asked for: id, name_vi, name_en."""
    matrix: dict[str, dict[str, list[Attainment]]]
    """Plan -> shared indicator -> its rows, of the `places`."""
    reach: Reach
    last_read: Mapping[str, LastRead]
    """Plan -> until when it was read, where nobody reads it any more."""
    owed: list[Owed]
    before: dict[str, str]
    """Target -> its status in the edition before; without one on the day compared with, as known then (of an
    unread plan as known now)."""
    changes: Changes
    sources: list[SourceStatus]
    ended: tuple[Attainment, ...] = ()
    """Where the day compared with is of an earlier year: what ended with that one, as it stands now."""
    revised: tuple[Revised, ...] = ()
    """The revisions of the same week whose figures `changes.lowered` is held against too."""

    def caveats(self, places: Sequence[Place]) -> dict[missing_data.Kind, str]:
        """What keeps the figures of some places from being results, in words."""
        with_tasks = [place.plan for place in places if place.tasks]
        names = {place.plan: place.name for place in places}
        return missing_data.sentences(names, with_tasks, self.reach, self.last_read, self.asked.lang)

    @property
    def to_do(self) -> list[Owed]:
        """What presses, the most pressing first, of places that were ever read: the others are to be read."""
        return [one for one in self._pressing if one.row["plan"] not in self.unread]

    @property
    def to_do_unread(self) -> int:
        """How much more presses where nothing was ever read."""
        return len(self._pressing) - len(self.to_do)

    @property
    def _pressing(self) -> list[Owed]:
        return pressing(self.owed)

    @property
    def unread(self) -> frozenset[str]:
        """The plans of which no source was ever read well."""
        return frozenset(place.plan for place in self.places if not place.read)

    @property
    def new_year(self) -> bool:
        """Whether the day compared with is of an earlier year, whose targets are others."""
        return self.asked.since.year != self.asked.as_of.year

    @property
    def counted(self) -> list[Attainment]:
        """The targets of the tiles: a ward's are its own, never its province's (design.md §5)."""
        return [row for place in self.places if not place.ward or self.asked.plan for row in place.targets]

    def fingerprint(self) -> str:
        """SHA-256 of all that is said of the day, whichever version says it: equal figures, equal text.

        When the sources were read, and how many rows they had, is not part of it: that goes on, and amends
        no past week.
        """
        said = {
            "as_of": self.asked.as_of,
            "plan": self.asked.plan,
            "lang": self.asked.lang,
            "sample": self.sample,
            "shared": self.shared,
            "owed": self.owed,
            "before": self.before,
            "changes": self.changes,
            "ended": self.ended,
            "caveats": replace(self, last_read={}).caveats(self.places),  # ages go on, and amend nothing
        }
        found = sha256()
        for part in (said, *self.places):  # one place's text at a time
            found.update(_text(part).encode())
        return found.hexdigest()


def compared_with_last_week(as_of: date, plan: str | None, lang: Language = "vi") -> Asked:
    """The question of a first edition: against the Sunday before, as known at its end."""
    sunday = last_sunday(as_of)
    return Asked(as_of, plan, sunday, clock.end_of_day(sunday), lang)


def gather(db: Database, pointer: Path, asked: Asked, now: datetime) -> Figures:
    """All figures of an edition; `now` (naive UTC) is the moment of sealing, for the age of the sources."""
    all_rows = attainment(db, asked.as_of)  # one plan's own do not tell what is shared
    rows = [row for row in all_rows if asked.plan in (None, row["plan"])]
    before = earlier(db, asked.since, asked.known_then, asked.as_of.year, plan=asked.plan)
    agencies = _by_plan(each_by_agency(db, asked.as_of, plan=asked.plan))
    tasks = task_status(db, asked.as_of, asked.plan, asked.as_of.year)
    plans = {str(row["plan"]): row for row in db.rows(sql.load("kpis.pack.figures", "plans"), {"plan": None})}
    shared = matrix(all_rows)
    reached = reach(db)
    year_then = asked.since.year
    new_year = year_then != asked.as_of.year
    then = earlier(db, asked.since, asked.known_then, year_then, plan=asked.plan) if new_year else before
    last_year = attainment(db, asked.as_of, year=year_then, plan=asked.plan) if new_year else []
    places = [
        _place(plan, own, agencies, tasks, plans[plan], read=plan in reached.read)
        for plan, own in by_plan(rows).items()
    ]
    states = source_statuses(db, pointer, now)
    return Figures(
        asked=asked,
        version=db.version,
        sample=db.meta.get("sample") == "yes",
        read_at=max((one.last_good_at for one in states if one.last_good_at), default=None),
        asked_at=now,
        places=sorted(places, key=lambda place: (place.ward, sort_key(place.name))),
        names={plan: named_place(row) for plan, row in plans.items()},
        wards=frozenset(plan for plan, row in plans.items() if row["kind"] == "ward"),
        shared=_shared(db, shared),
        matrix={place.plan: shared[place.plan] for place in places},
        reach=reached,
        last_read=last_read(db, pointer, asked.as_of),
        owed=owed(rows, asked.as_of),
        before={row["target"]: str(row["status"]) for row in then.then},
        ended=tuple(ended_in(last_year, year_then)),
        changes=since(
            db,
            asked.as_of,
            asked.since,
            asked.known_then,
            plan=asked.plan,
            now=rows,
            before=before,
            own=then,
            last_year=last_year,
        ),
        sources=[one for one in states if asked.plan in (None, one.plan)],
    )


def _shared(
    db: Database, cells: Mapping[str, Mapping[str, Sequence[Attainment]]]
) -> list[tuple[str, str, str]]:
    names = {str(row["indicator"]): row for row in db.rows(sql.load("kpis.pack.figures", "indicators"))}
    shared = {indicator for own in cells.values() for indicator in own}
    order = [indicator for indicator in names if indicator in shared]
    return [(one, str(names[one]["name_vi"]), str(names[one]["name_en"])) for one in order]


def _by_plan(rows: Iterable[Attainment]) -> dict[str, Packed[Attainment]]:
    """The agencies' rows, plan by plan, each packed before the next one's are made."""
    return {plan: Packed(own) for plan, own in groupby(rows, lambda row: row["plan"])}


def _place(
    plan: str,
    rows: list[Attainment],
    agencies: Mapping[str, Packed[Attainment]],
    tasks: list[TaskStatus],
    row: dict[str, Any],
    *,
    read: bool,
) -> Place:
    return Place(
        plan=plan,
        name=named_place(row),
        ward=row["kind"] == "ward",
        province=str(row["province"]),
        number=row["number"],
        title_vi=str(row["title_vi"]),
        title_en=str(row["title_en"]),
        reporting_day=row["reporting_day"],
        focal_agency=str(row["focal_agency"]),
        read=read,
        targets=rows,
        agencies=agencies.get(plan) or Packed(()),
        tasks=[task for task in tasks if task["plan"] == plan],
    )


def _text(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True, default=plain, separators=(",", ":"))


def plain(value: object) -> object:
    """A value as JSON has it: days and moments in ISO form, exact numbers as texts, records as objects."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Packed):
        return [[one[name] for name in _OF_AN_AGENCY] for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    raise TypeError(type(value))
