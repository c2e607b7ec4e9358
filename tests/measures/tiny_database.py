"""A tiny real database built from a few Python values, with the schema of a database version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow

from kpis.measures import publish
from kpis.register import reporting_days
from kpis.register.model import Agency, Collective, ReportingDay
from kpis.register.names import is_member
from kpis.store import sql
from tests.measures.merged_rows import add_merged_rows

TinyRow = dict[str, object]

JOINT_INDICATORS = ("public_events",)
"""Indicators that several agencies may report together."""


def make_year_period(year: int, due: str = "12-15") -> tuple[date, date, date]:
    """Return a period of one calendar year, due on a MM-DD of it."""
    return date(year, 1, 1), date(year, 12, 31), date.fromisoformat(f"{year}-{due}")


@dataclass(frozen=True)
class TinyPlan:
    """A plan with only what the rules need; its sheet was read, with a tab of tasks."""

    id: str = "p"
    province: str = "P"
    kind: str = "province"
    focal: str = "Sở Công Thương"
    reporting_days: tuple[ReportingDay, ...] = (ReportingDay("15/12", "year"),)
    end_year: int | None = None
    was_read: bool = True
    tasks_seen: bool = True
    issued_on: date | None = None

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield (table, row) pairs."""
        yield "plans", {
            "plan": self.id, "position": position, "province": self.province, "place": self.province,
            "kind": self.kind, "title_vi": "", "title_en": "", "issuer": "", "start_year": 2026,
            "end_year": self.end_year, "shown_to": 2030, "focal_agency": self.focal,
            "reporting_days": reporting_days.serialize(self.reporting_days), "issued_on": self.issued_on,
        }  # fmt: skip
        if self.was_read:
            yield "source_states", {
                "source": f"s-{self.id}", "plan": self.id, "kind": "workbook", "location": "s.xlsx",
                "content_hash": "", "read": 1, "accepted": 1, "warned": 0, "rejected": 0,
                "last_good_at": datetime(2026, 1, 1), "changed_at": datetime(2026, 1, 1),
                "tasks_seen": self.tasks_seen, "position": position, "judged_by": "", "layout": "",
            }  # fmt: skip


@dataclass(frozen=True)
class TinyMerger:
    """An agency of plan p that has ended on a day, and the one that stands for it from then on."""

    agency: str
    successor: str
    from_day: date


@dataclass(frozen=True)
class TinyTarget:
    """A target and its periods; by default two things within 2026, due on 15 December."""

    id: str = "p.01"
    plan: str = "p"
    indicator: str = "public_events"
    measure: str = "count"
    accumulation: str = "increment"
    comparator: str = ">="
    floor: Decimal | None = Decimal(2)
    recurrence: str = "once"
    pace: str = "linear"
    population: int | None = None
    lead: str = "Sở Công Thương"
    roster: tuple[str, ...] = ()
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    adds_up: bool = True
    each: int = 1
    counting: str | None = None
    stages: tuple[tuple[Decimal | None, int, int], ...] = ()
    """For each period its floor and the years for which it is asked; without them those of the target and period."""
    spans: tuple[str | None, ...] = ()
    """For each period the name of the quarter, month or half-year; None for the year."""
    from_day: date = date(2000, 1, 1)
    due_after_days: int = 10
    baseline: Decimal | None = None
    """Where the pace begins; of a yearly target (periods of one year each) in its first year alone."""
    periods: tuple[tuple[date, date, date], ...] = (make_year_period(2026),)
    mergers: tuple[TinyMerger, ...] = ()
    """Which agencies were merged or renamed; the same ones for all targets of a database."""
    merged_on: date | None = None
    """For the plain rules: the day whose agencies it has, and the lead that the plan names."""
    named_lead: str | None = None

    def list_stages(self) -> Sequence[tuple[Decimal | None, int, int]]:
        """Return the floor of each period and the years for which it is asked."""
        floor = None if self.measure == "carried" else self.floor
        return self.stages or [(floor, start.year, end.year) for start, end, _ in self.periods]

    @property
    def is_yearly(self) -> bool:
        """True if each year is a period of its own."""
        return len(self.periods) > 1 and all(start.year == end.year for start, end, _ in self.periods)

    @property
    def reporters(self) -> tuple[str, ...]:
        """The agencies that make the figure complete: the roster; of a change without one, its lead."""
        return self.roster or ((self.lead,) if self.measure == "change" else ())

    def get_baseline(self, start: date) -> Decimal | None:
        """Return where the pace of a period begins."""
        is_later = self.is_yearly and start != self.periods[0][0]
        return None if is_later else self.baseline

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield (table, row) pairs."""
        yield "targets", {
            "target": self.id, "plan": self.plan, "position": position, "indicator": self.indicator,
            "title_vi": self.id, "title_en": self.id, "section": "II.2", "line": position + 1,
            "measure": self.measure, "accumulation": self.accumulation, "comparator": self.comparator,
            "floor": self.floor, "unit_vi": "việc", "unit_en": "things", "recurrence": self.recurrence,
            "recurrence_basis": "stated", "force": "binding", "lead": self.lead, "lead_basis": "reading",
            "pace": self.pace, "population": self.population, "roster_size": len(self.reporters),
            "adds_up": self.adds_up, "each": self.each, "counting": self.counting,
            "due_after_days": self.due_after_days,
        }  # fmt: skip
        spans = self.spans or (None,) * len(self.periods)
        for (start, end, due), (floor, first, last), span in zip(self.periods, self.list_stages(), spans, strict=True):
            yield "periods", {
                "target": self.id, "period_start": start, "period_end": end, "due_on": due,
                "floor": floor, "asked_from": first, "asked_to": last,
                "span": span, "paced_from": min(max(start, self.from_day), end), "in_force": end >= self.from_day,
                "baseline": self.get_baseline(start),
                "baseline_year": None if self.baseline is None else start.year - 1,
            }  # fmt: skip
        for agency in self.reporters:
            yield "rosters", {"target": self.id, "agency": agency}
        for agency, share in self.shares.items():
            yield "shares", {"target": self.id, "agency": agency, "share": share}


@dataclass(frozen=True)
class TinyEntry:
    """One entry of the history. Times are naive UTC; by default it was recorded at noon, Việt Nam time."""

    target: str
    agency: str
    occurred_on: date
    quantity: int | Decimal
    denominator: int | None = None
    recorded: datetime | None = None
    retired: datetime | None = None
    content: str | None = None
    evidence: str | None = None
    confirmed: bool = False
    shared_event: str | None = None
    sums_own_column: bool = False
    is_struck: bool = False
    swapped_on: date | None = None

    @property
    def recorded_at(self) -> datetime:
        """When the entry was first read (naive UTC)."""
        return self.recorded or datetime(self.occurred_on.year, self.occurred_on.month, self.occurred_on.day, 5)

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield the table and its row."""
        integer_part = int(self.quantity)
        yield "entries", {
            "source": "s", "plan": self.target.partition(".")[0], "target": self.target,
            "agency": self.agency, "occurred_on": self.occurred_on, "quantity": integer_part,
            "fraction": int((self.quantity - integer_part) * 1_000_000),
            "denominator": self.denominator, "tab": "Tiến độ", "row": position + 2, "row_hash": position,
            "recorded_at": self.recorded_at, "retired_at": self.retired,
            "content": self.content, "evidence": self.evidence, "confirmed": self.confirmed,
            "shared_event": self.shared_event, "sums_own_column": self.sums_own_column,
            "is_struck": self.is_struck, "swapped_on": self.swapped_on,
        }  # fmt: skip


@dataclass(frozen=True)
class TinyAgency:
    """An agency of plan p, or a collective whose `kind` is what its `members` say."""

    name: str
    kind: str = "department"
    collective: bool = False
    plan: str = "p"

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield the table and its row."""
        yield "agencies", {
            "plan": self.plan, "agency": self.name, "position": position, "kind": self.kind,
            "basis": "named", "collective": self.collective,
        }  # fmt: skip


@dataclass(frozen=True)
class TinyTask:
    """A task; leads whose name begins with "các" are collective. By default due on 15 December 2026."""

    id: str = "p.I.1"
    plan: str = "p"
    timing: str = "once"
    leads: tuple[str, ...] = ("Sở Y tế",)
    instances: tuple[tuple[int, date, date | None], ...] = ((2026, date(2026, 1, 1), date(2026, 12, 15)),)

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield (table, row) pairs."""
        years = [year for year, _, _ in self.instances]
        yield "tasks", {
            "task": self.id, "plan": self.plan, "position": position, "section": "I", "number": str(position + 1),
            "title_vi": self.id, "title_en": self.id, "line": position + 1, "timing": self.timing,
            "first_year": self.instances[0][1].year, "last_year": years[-1],
        }  # fmt: skip
        for year, starts_on, due_on in self.instances:
            yield "task_instances", {"task": self.id, "year": year, "starts_on": starts_on, "due_on": due_on}
        for number, lead in enumerate(self.leads):
            yield (
                "task_leads",
                {"task": self.id, "agency": lead, "collective": lead.startswith("các"), "position": number},
            )


@dataclass(frozen=True)
class TinyReport:
    """One task report; without `finished_on` it occurs on the day it was recorded."""

    status: str
    agency: str | None = "Sở Y tế"
    finished_on: date | None = None
    recorded: datetime = datetime(2026, 3, 2, 5)
    retired: datetime | None = None
    task: str = "p.I.1"
    row_hash: int | None = None
    result: str | None = None

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield the table and its row."""
        yield "task_reports", {
            "source": "s", "plan": "p", "task": self.task, "agency": self.agency, "status": self.status,
            "finished_on": self.finished_on, "result": self.result, "tab": "Nhiệm vụ", "row": position + 2,
            "row_hash": position if self.row_hash is None else self.row_hash, "recorded_at": self.recorded,
            "retired_at": self.retired,
        }  # fmt: skip


@dataclass(frozen=True)
class TinyFinding:
    """One rejection, or a warning if `table` says so."""

    code: str = "quantity_not_whole"
    cell: str | None = "D12"
    header: str | None = "Số lượng"
    value: str = "1,5"
    detail: str = "{}"
    agency: str | None = "A"
    table: str = "rejections"
    retired: datetime | None = None

    def build_rows(self, position: int) -> Iterator[tuple[str, TinyRow]]:
        """Yield the table and its row."""
        yield self.table, {
            "source": "s", "plan": "p", "agency": self.agency, "tab": "Tiến độ", "row": 12, "cell": self.cell,
            "header": self.header, "code": self.code, "value": self.value, "detail": self.detail,
            "row_hash": position, "recorded_at": datetime(2026, 3, 2), "retired_at": self.retired,
        }  # fmt: skip


TinyRecord = TinyPlan | TinyTarget | TinyEntry | TinyAgency | TinyTask | TinyReport | TinyFinding


class TinyDatabase:
    """The methods of `kpis.store.database.Database` that the measures use, on an in-memory DuckDB."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def fetch_rows(self, sql: str, params: Mapping[str, object]) -> list[TinyRow]:
        """Return every row as a dict by column name."""
        return list(self.iterate_rows(sql, params))

    def recall_rows(self, sql: str, params: Mapping[str, object]) -> list[TinyRow]:
        """Return the same rows, asked each time: tests change them."""
        return self.fetch_rows(sql, params)

    def iterate_rows(self, sql: str, params: Mapping[str, object]) -> Iterator[TinyRow]:
        """Yield the same rows, one at a time."""
        cursor = self.con.cursor().execute(sql, dict(params))
        names = [column[0] for column in cursor.description or ()]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def build_database(
    targets: Sequence[TinyTarget] = (),
    entries: Sequence[TinyEntry] = (),
    plans: Sequence[TinyPlan] = (TinyPlan(),),
    agencies: Sequence[TinyAgency] = (),
    tasks: Sequence[TinyTask] = (),
    reports: Sequence[TinyReport] = (),
    findings: Sequence[TinyFinding] = (),
    mergers: Collection[TinyMerger] = (),
) -> TinyDatabase:
    """Return a published version with these records."""
    con = duckdb.connect(config={"threads": "1"})
    con.execute(sql.load("kpis.store", "schema"))
    tables: dict[str, list[TinyRow]] = defaultdict(list)
    record_lists: tuple[Sequence[TinyRecord], ...] = (
        plans,
        targets,
        entries,
        agencies,
        tasks,
        reports,
        findings,
    )
    for records in record_lists:
        for position, record in enumerate(records):
            for table, row in record.build_rows(position):
                tables[table].append(row)
    tables["tracked_plans"] = [{"plan": plan.id, "recorded_at": datetime(1, 1, 1)} for plan in plans]
    if members := list(_list_members(agencies)):
        tables["collective_members"] = members
    mergers = {merger for target in targets for merger in target.mergers} | set(mergers)
    for table, rows in add_merged_rows(tables, targets, sorted(mergers, key=str)).items():
        insert_table_rows(con, table, rows)
    insert_table_rows(con, "indicators", [_build_indicator(name) for name in _list_indicators(targets)])
    publish.publish_totals(con)
    return TinyDatabase(con)


def _list_members(agencies: Sequence[TinyAgency]) -> Iterator[TinyRow]:
    for group in agencies:
        for agency in agencies:
            single = Agency(agency.plan, agency.name, agency.kind, (), "named")
            collective = Collective(group.plan, group.name, (), (group.kind,))
            if group.collective and not agency.collective and is_member(single, collective):
                yield {"plan": group.plan, "collective": group.name, "agency": agency.name}


def _list_indicators(targets: Sequence[TinyTarget]) -> list[str]:
    return sorted({target.indicator for target in targets})


def _build_indicator(name: str) -> TinyRow:
    return {
        "indicator": name, "position": 0, "name_vi": name, "name_en": name, "unit_vi": "", "unit_en": "",
        "measure": "count", "accumulation": "increment", "joint": name in JOINT_INDICATORS,
    }  # fmt: skip


def insert_table_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[TinyRow]) -> None:
    """Insert rows into a table, by column name."""
    if not rows:
        return
    con.register("new_rows", pyarrow.Table.from_pylist(list(rows)))
    con.execute(f"insert into {sql.quote_identifier(table)} by name from new_rows")
    con.unregister("new_rows")
