"""The content of a register as frozen values: plans, indicators, targets, tasks, agencies (design.md §3).

Amounts are exact `Decimal` values: a ratio's floor 1 is 100 %. Days of every year are `MM-DD` texts (`dd/mm` in the
files). A citation without a `line` names section and number of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from kpis.register.entry_changes import VersionChange
from kpis.register.judged import Period, TaskInstance
from kpis.register.version_facts import VersionFacts

Measure = Literal["count", "amount", "ratio", "coverage", "change", "milestone", "carried"]
NUMBER_MEASURES: tuple[Measure, ...] = ("count", "amount", "change")
"""Measures whose entries are single numbers: they add up, or the latest of each agency counts."""
FRACTION_MEASURES: tuple[Measure, ...] = ("ratio", "coverage", "change")
"""Measures whose floor is a fraction: 0.1 is 10 %."""
Accumulation = Literal["increment", "level"]
Comparator = Literal[">=", ">", "<=", "<"]
Recurrence = Literal["yearly", "once", "by_end", "standing", "quarterly", "monthly", "half_yearly"]
SPAN_MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
"""How many months a span has of a target that is judged by spans of a year."""
Counting = Literal["to_date", "each_year"]
Basis = Literal["stated", "reading"]
Force = Literal["binding", "aspirational", "tentative", "conditional"]
Timing = Literal["once", "yearly", "ongoing"]
ReportedPart = Literal["year", "half_year", "quarter", "month"]
MEMBER_KINDS = ("communes", "wards", "rural_communes", "special_zones", "departments", "all", "other")
"""What a collective's `members` may name instead of agencies: every commune-level unit, phường, xã or đặc khu alone,
the province's departments and other state bodies ("các sở, ban, ngành"), both, or nobody whom the register lists."""
AnnexContent = Literal["number", "task", "leads", "coordinators", "output", "schedule"]


@dataclass(frozen=True)
class Indicator:
    """A thing counted that can be compared between plans; `joint`: agencies often hold one together."""

    id: str
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str
    measure: Measure
    accumulation: Accumulation
    joint: bool = False


@dataclass(frozen=True)
class AnnexColumn:
    """One column of a plan's annex: what it holds, and its title; neighbours may share a `group` title."""

    content: AnnexContent
    title: str
    group: str | None = None


@dataclass(frozen=True)
class ReportingDay:
    """A day by which agencies report on each year, half-year, quarter or month.

    `day` is "dd/mm"; or "dd", the day of the last month of each half-year, quarter or month. `next_year`: in the year
    after the one that is reported on.
    """

    day: str
    of: ReportedPart
    next_year: bool = False


@dataclass(frozen=True)
class Plan:
    """An issued document. A plan without an end has no `end_year` and is shown up to `shown_to`."""

    id: str
    province: str
    place: str
    kind: Literal["province", "ward"]
    title_vi: str
    title_en: str
    issuer: str
    start_year: int
    end_year: int | None
    shown_to: int
    focal_agency: str
    text: str | None = None
    number: str | None = None
    issued_on: date | None = None
    reporting_days: tuple[ReportingDay, ...] = ()
    notes: tuple[str, ...] = ()
    annex_columns: tuple[AnnexColumn, ...] = ()

    @property
    def yearly_day(self) -> ReportingDay | None:
        """The reporting day of the year, on which targets and tasks without a day of their own are due."""
        return next((day for day in self.reporting_days if day.of == "year"), None)


@dataclass(frozen=True)
class Stage:
    """What must stand at the end of a year."""

    year: int
    floor: Decimal


@dataclass(frozen=True)
class Baseline:
    """The figure of an earlier year from which a target starts: what a change is a change of."""

    value: Decimal
    year: int


@dataclass(frozen=True)
class Target:
    """One plan's promise on one indicator.

    A carried target is kept in the plan's words and not judged: it has neither comparator nor floor. A rate (`adds_up`
    false) is what its lead reports. `each`: how many every agency of a coverage's roster has to reach.
    `numerator_vi`, `denominator_vi`: what a ratio counts, in the plan's words.

    `stages`: what must stand at the end of some years, in order; `floor` is then the last one's. By `counting` all
    earlier entries count for a stage, or those of its year alone; a year without a stage is then carried.

    `from_day`: the first day on which anything is owed; None for that of the plan. `due_after_days`: how long after the
    end of a quarter, month or half-year that is not met its year is overdue.

    The floor of a change is a fraction of its baseline: 0.1 is 10 % more, -0.5 half. Its figure is what its entries
    come to. Of an amount or ratio the baseline is where the pace begins. Of a yearly target it serves the first year
    alone.

    `version_of`: of the copy of a target as an earlier version of its plan has it, the id of that target. `version`: of
    which version, if the versions of the plan differ in it. `ended_on`: from when a later version no longer has it.
    `named_lead`: of a copy from a day on which agencies were merged or renamed, the lead that the plan names.
    """

    id: str
    plan: str
    indicator: str
    title_vi: str
    title_en: str
    section: str
    line: int | None
    measure: Measure
    accumulation: Accumulation
    comparator: Comparator | None
    floor: Decimal | None
    stretch: Decimal | None
    unit_vi: str
    unit_en: str
    recurrence: Recurrence
    recurrence_basis: Basis
    recurrence_reason_vi: str | None
    recurrence_reason_en: str | None
    force: Force
    lead: str
    lead_basis: Basis
    pace: str
    due: str | None
    roster: tuple[str, ...] = ()
    population: int | None = None
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    adds_up: bool = True
    each: int = 1
    numerator_vi: str | None = None
    denominator_vi: str | None = None
    stages: tuple[Stage, ...] = ()
    counting: Counting | None = None
    from_day: date | None = None
    due_after_days: int = 10
    baseline: Baseline | None = None

    @property
    def adds_quantities(self) -> bool:
        """True if an agency's quantities add up."""
        if self.measure == "coverage":
            return self.each > 1
        return self.measure in NUMBER_MEASURES and self.accumulation == "increment"

    @property
    def replaces_quantities(self) -> bool:
        """True if an agency's newer number replaces its older one."""
        return self.measure in NUMBER_MEASURES and self.accumulation == "level"

    @property
    def reporters(self) -> tuple[str, ...]:
        """The agencies whose entries make the figure complete: the roster; of a change without one, its lead."""
        return self.roster or ((self.lead,) if self.measure == "change" else ())

    version_of: str | None = None
    version: int | None = None
    ended_on: date | None = None
    named_lead: str | None = None


@dataclass(frozen=True)
class Section:
    """One section of a plan's annex."""

    id: str
    plan: str
    title_vi: str
    title_en: str
    line: int | None
    parent: str | None = None


@dataclass(frozen=True)
class Task:
    """One row of a plan's annex. `leads` may name agencies and collectives.

    `section`, `number`: as printed ("A.I", "1.1"); None where the annex has none. `due_on`: the task's own due day, as
    MM-DD of its last year, or of every year of a yearly task. `version_of`, `version`, `ended_on`: as of a target.
    """

    id: str
    plan: str
    section: str | None
    number: str | None
    title_vi: str
    title_en: str
    line: int | None
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    output: str | None
    schedule: str | None
    timing: Timing
    first_year: int
    last_year: int | None
    due_on: str | None = None
    version_of: str | None = None
    version: int | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class Agency:
    """A body that a plan names (`named`) or a standing one of the province (`inferred`).

    `successor`: the agency that stands for it from `successor_from` on, since it was merged or renamed.
    """

    plan: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    basis: Literal["named", "inferred"]
    line: int | None = None
    successor: str | None = None
    successor_from: date | None = None


@dataclass(frozen=True)
class Collective:
    """A group that leads or coordinates as one ("UBND các xã, phường"); each member may report on it.

    `members` are kinds of members (MEMBER_KINDS) and names of single agencies; `kpis.register.names.is_member`.
    """

    plan: str
    name: str
    aliases: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """What an accepted document says of a target or task (`entry`), word for word, and where."""

    entry: str
    quote: str
    section: str | None
    page: int | None
    line: int | None


@dataclass(frozen=True)
class Register:
    """The whole register, checked. `hash` covers every file read, those of the overlay included.

    `earlier_targets`, `earlier_tasks`: copies of targets and tasks as earlier versions of their plans had them;
    `judged_periods`, `judged_instances`: the periods and instances of those that differ between versions, each with the
    days on which it judges. `versions`: every accepted version, those that were corrected too; `version_changes`: what
    each changed.
    """

    indicators: Mapping[str, Indicator]
    plans: Mapping[str, Plan]
    targets: Mapping[str, Target]
    sections: tuple[Section, ...]
    tasks: Mapping[str, Task]
    agencies: tuple[Agency, ...]
    collectives: tuple[Collective, ...]
    hash: str
    clauses: tuple[Clause, ...] = ()
    earlier_targets: Mapping[str, Target] = field(default_factory=dict)
    earlier_tasks: Mapping[str, Task] = field(default_factory=dict)
    judged_periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    judged_instances: Mapping[str, tuple[TaskInstance, ...]] = field(default_factory=dict)
    versions: tuple[VersionFacts, ...] = ()
    version_changes: tuple[VersionChange, ...] = ()

    @property
    def all_targets(self) -> Mapping[str, Target]:
        """The targets, and the copies of those that earlier versions of a plan had otherwise."""
        return {**self.targets, **self.earlier_targets}

    @property
    def all_tasks(self) -> Mapping[str, Task]:
        """The tasks, and the copies of those that earlier versions of a plan had otherwise."""
        return {**self.tasks, **self.earlier_tasks}

    @property
    def targets_in_force(self) -> tuple[Target, ...]:
        """The targets without those that a later version of their plan dropped."""
        return tuple(target for target in self.targets.values() if target.ended_on is None)

    @property
    def tasks_in_force(self) -> tuple[Task, ...]:
        """The tasks without those that a later version of their plan dropped."""
        return tuple(task for task in self.tasks.values() if task.ended_on is None)

    def map_entries_to_plans(self) -> dict[str, str]:
        """Return id of a target or task -> its plan."""
        targets = {target.id: target.plan for target in self.targets.values()}
        return targets | {task.id: task.plan for task in self.tasks.values()}
