"""A tiny real database built from a few Python values: the schema of one version, filled by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import duckdb

from kpis.measures import publish
from kpis.store import sql


@dataclass(frozen=True)
class TinyPlan:
    """A plan with no more than the rules ask of it."""

    id: str = "p"
    province: str = "Tỉnh P"
    kind: str = "province"
    focal: str = "Sở Công Thương"


@dataclass(frozen=True)
class TinyTarget:
    """A target and its periods; by default two things within 2026, due on 15 December."""

    id: str = "p.01"
    plan: str = "p"
    indicator: str = "public_events"
    measure: str = "count"
    accumulation: str = "increment"
    comparator: str = ">="
    floor: Decimal = Decimal(2)
    recurrence: str = "once"
    pace: str = "linear"
    population: int | None = None
    lead: str = "Sở Công Thương"
    roster: tuple[str, ...] = ()
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    periods: tuple[tuple[date, date, date], ...] = (
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 15)),
    )


@dataclass(frozen=True)
class TinyEntry:
    """One entry of the history. Times are naive UTC; by default it is read at noon of its day."""

    target: str
    agency: str
    on: date
    quantity: int
    denominator: int | None = None
    recorded: datetime | None = None
    retired: datetime | None = None

    @property
    def recorded_at(self) -> datetime:
        """When the entry was first read."""
        return self.recorded or datetime(self.on.year, self.on.month, self.on.day, 5)


class TinyDatabase:
    """Answers like `kpis.store.database.Database`, on an in-memory DuckDB."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def rows(self, sql: str, params: Mapping[str, object]) -> list[dict[str, object]]:
        cursor = self.con.cursor().execute(sql, dict(params))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def database(
    targets: Sequence[TinyTarget],
    entries: Sequence[TinyEntry] = (),
    plans: Sequence[TinyPlan] = (TinyPlan(),),
) -> TinyDatabase:
    """A published version that holds these targets and entries."""
    con = duckdb.connect(config={"threads": "1"})
    con.execute(sql.load("kpis.store", "schema"))
    for position, plan in enumerate(plans):
        _insert(con, "plans", plan=plan.id, position=position, province=plan.province, place=plan.province,
                kind=plan.kind, title_vi="", title_en="", issuer="", start_year=2026, shown_to=2030,
                focal_agency=plan.focal)  # fmt: skip
    for position, target in enumerate(targets):
        _insert_target(con, position, target)
    for number, entry in enumerate(entries, start=2):
        _insert(con, "entries", source="s", plan=entry.target.partition(".")[0], target=entry.target,
                agency=entry.agency, occurred_on=entry.on, quantity=entry.quantity, denominator=entry.denominator,
                tab="Tiến độ", row=number, row_hash=number, recorded_at=entry.recorded_at,
                retired_at=entry.retired)  # fmt: skip
    publish.compute(con)
    return TinyDatabase(con)


def _insert_target(con: duckdb.DuckDBPyConnection, position: int, target: TinyTarget) -> None:
    _insert(con, "targets", target=target.id, plan=target.plan, position=position, indicator=target.indicator,
            title_vi=target.id, title_en=target.id, section="II.2", line=position + 1, measure=target.measure,
            accumulation=target.accumulation, comparator=target.comparator, floor=target.floor,
            unit_vi="việc", unit_en="things", recurrence=target.recurrence, recurrence_basis="stated",
            force="binding", lead=target.lead, lead_basis="reading", pace=target.pace,
            population=target.population, roster_size=len(target.roster))  # fmt: skip
    for start, end, due in target.periods:
        _insert(con, "periods", target=target.id, period_start=start, period_end=end, due_on=due)
    for agency in target.roster:
        _insert(con, "rosters", target=target.id, agency=agency)
    for agency, share in target.shares.items():
        _insert(con, "shares", target=target.id, agency=agency, share=share)


def _insert(con: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join(f"${name}" for name in values)
    con.execute(f"insert into {sql.identifier(table)} ({names}) values ({marks})", values)  # noqa: S608


def year_of(year: int, due: str = "12-15") -> tuple[date, date, date]:
    """A period of one calendar year, due on a MM-DD of it."""
    return date(year, 1, 1), date(year, 12, 31), date.fromisoformat(f"{year}-{due}")
