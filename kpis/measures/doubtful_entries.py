"""The entries of targets that may be in doubt (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from kpis.language.normalization import SortKey, to_sort_key
from kpis.measures.query import KNOWN_NOW, DatabaseReader, QueryStep, build_statement, load_query, run_query
from kpis.register.model import NUMBER_MEASURES

PeriodKey = tuple[str, date, date]
"""Target, start and end of its period: periods of one target may share a start."""

AgencyChains = Mapping[str, Sequence[tuple[str, date]]]
"""By agency that has ended, those that have stood for it, each with its first day, in order."""

MANY_ENTRIES = 200_000
"""From so many entries of a version on, only those that may be in doubt are read."""

_CHAINS_QUERY = load_query("kpis.measures", "agency_chains")
_ENTRIES_STEPS: list[QueryStep] = ["requested_periods", "previous_figures", "doubtful_entries"]
_ENTRIES_QUERY = build_statement(_ENTRIES_STEPS)
_NARROWED_QUERY = build_statement([*_ENTRIES_STEPS, "narrowed_entries"])
_NUMBER_QUERY = build_statement(["stored_entries"])
_PUBLISHED_PERIODS_QUERY = build_statement(["published_doubtful_periods"])
_KNOWN_PERIODS_QUERY = build_statement(["requested_periods", "doubtful_periods"])


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One known entry: what it reports, how its row was marked, and where it stands in the sheet.

    `quantity` is in the smallest unit of its target: millionths for an amount. `answering_agency`: the one that stands
    for its agency on the days that the period is judged on, the agency itself unless that has ended.
    """

    agency: str
    answering_agency: str
    occurred_on: date
    read_at: datetime
    quantity: int
    denominator: int | None
    content: str | None
    evidence: str | None
    confirmed: bool
    shared_event: str | None
    sums_own_column: bool
    is_struck: bool
    swapped_on: date | None
    source: str
    tab: str
    row: int
    row_hash: int

    @property
    def later_day(self) -> date:
        """The later of the two days that the row may mean."""
        return max(self.occurred_on, self.swapped_on or self.occurred_on)

    @property
    def order(self) -> tuple[object, ...]:
        """The order of rows by what they say, never by their place: day, agency, content, then the rest."""
        return (
            self.occurred_on, *order_agency(self.agency), self.content or "", self.quantity,
            self.evidence or "", self.shared_event or "", self.confirmed, self.denominator or 0,
            self.is_struck, self.sums_own_column, self.later_day, self.read_at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CertainRows:
    """Entries of one agency that cannot be in doubt, of a figure that adds up: their sum, number and last day."""

    agency: str
    answering_agency: str
    occurred_on: date
    quantity: int
    entries: int


@dataclass(frozen=True)
class DoubtfulPeriod:
    """A target's period that may be in doubt, with its entries up to the day asked, in order.

    `certain`: those of its entries that cannot be in doubt, added up, and not among `rows`. `running_agencies`: the
    agencies whose entries may be a running total, all of which are among `rows` (None: those of every agency).

    `floor`: what the figure must reach, None for a change without a base. `is_previous_year`: the period is read as
    what the next year's change is compared with. `unit`: how many of the entries' smallest units make 1; `each`: how
    many every agency of a coverage has to do. `in_series`: it is a span of a year, or a year of a table, so that a
    running total may go on from one to the next; `rows_beside` are then the entries of the others up to the day asked.
    `chains`: the agencies of the plan that were merged or renamed.
    """

    target: str
    period_start: date
    period_end: date
    measure: str
    accumulation: str
    comparator: str
    floor: Decimal | None
    is_previous_year: bool
    unit: int
    each: int
    lead: str
    is_joint: bool
    in_series: bool
    as_of: date
    judged_on: date
    rows: tuple[EntryRow, ...]
    rows_beside: tuple[EntryRow, ...]
    chains: AgencyChains
    certain: tuple[CertainRows, ...] = ()
    running_agencies: frozenset[str] | None = None

    @property
    def key(self) -> PeriodKey:
        """Target, start and end of the period."""
        return self.target, self.period_start, self.period_end

    @property
    def is_increment(self) -> bool:
        """True if an agency's quantities add up; of a coverage, where each has to do more than one thing."""
        if self.measure == "coverage":
            return self.each > 1
        return self.measure in NUMBER_MEASURES and self.accumulation == "increment"

    @property
    def sums_up(self) -> bool:
        """True if the figure is the sum of the quantities."""
        return self.is_increment and self.measure != "coverage"

    @property
    def is_ceiling(self) -> bool:
        """True if the figure must not be above the floor."""
        return self.comparator in ("<=", "<")

    def list_rows(self, day: date) -> list[EntryRow]:
        """Return the rows up to a day: a later row never changes an earlier day."""
        return [row for row in self.rows if row.occurred_on <= day]

    def list_certain(self, day: date) -> list[CertainRows]:
        """Return the sums of the entries up to a day that cannot be in doubt."""
        return [rows for rows in self.certain if rows.occurred_on <= day]

    def may_run(self, agency: str) -> bool:
        """True if what an agency reports may be a running total."""
        return self.running_agencies is None or agency in self.running_agencies

    def list_rows_beside(self, day: date) -> list[EntryRow]:
        """Return the rest of the series that a running total may go through, up to the day asked."""
        if not self.in_series:
            return []
        return sorted(
            (*self.rows_beside, *(row for row in self.rows if row.occurred_on > day)), key=lambda row: row.order
        )


def order_agency(agency: str) -> tuple[SortKey, str]:
    """Return the sort key of an agency in Vietnamese order."""
    return to_sort_key(agency), agency


def get_period_key(row: Mapping[str, object]) -> PeriodKey:
    """Return the key of the period that a row is about."""
    return str(row["target"]), cast(date, row["period_start"]), cast(date, row["period_end"])


def find_doubtful_periods(
    db: DatabaseReader, params: Mapping[str, object], *, as_published: bool
) -> list[DoubtfulPeriod]:
    """Return the requested periods that may be in doubt, with their known entries.

    `as_published`: the entries up to the day are those known now, so that the published list holds.
    """
    query = _PUBLISHED_PERIODS_QUERY if as_published else _KNOWN_PERIODS_QUERY
    plans, targets = (cast("list[str] | None", params[name]) for name in ("plans", "targets"))
    keys = {
        get_period_key(row)
        for row in run_query(db, query, params)
        if (plans is None or row["plan"] in plans) and (targets is None or _is_requested(str(row["target"]), targets))
    }
    return _load_periods(db, params, keys) if keys else []


def _is_requested(target: str, targets: Collection[str]) -> bool:
    """True if a target, or the one of which it is a copy, is among those requested."""
    return target in targets or get_named_target(target) in targets


def get_named_target(target: str) -> str:
    """Return the target as its plan names it; the copies of one are "<id>@<version>" and "<id>@<day>"."""
    return target.partition("@")[0]


def _load_periods(
    db: DatabaseReader, params: Mapping[str, object], keys: Collection[PeriodKey]
) -> list[DoubtfulPeriod]:
    records: dict[PeriodKey, list[Mapping[str, Any]]] = {}
    targets = sorted({target for target, *_ in keys})
    chains = _load_chains(db, params)
    query = _NARROWED_QUERY if _has_many_entries(db) else _ENTRIES_QUERY
    for record in run_query(db, query, {**params, "targets": targets}):
        if (key := get_period_key(record)) in keys:
            records.setdefault(key, []).append(record)
    periods = (_build_period(records[key], chains.get(records[key][0]["plan"], {})) for key in sorted(records))
    return [period for period in periods if period.rows]


def _has_many_entries(db: DatabaseReader) -> bool:
    """True if it costs less to find the entries that may be in doubt by SQL than to look at all of them here."""
    (row,) = run_query(db, _NUMBER_QUERY, {})
    return cast(int, row["entries"]) >= MANY_ENTRIES


def _load_chains(db: DatabaseReader, params: Mapping[str, object]) -> dict[str, AgencyChains]:
    chains: dict[str, dict[str, list[tuple[str, date]]]] = {}
    for row in run_query(db, _CHAINS_QUERY, params):
        chain = chains.setdefault(str(row["plan"]), {}).setdefault(str(row["agency"]), [])
        chain.append((str(row["successor"]), cast(date, row["from_day"])))
    return dict(chains)


def _build_period(records: Sequence[Mapping[str, Any]], chains: AgencyChains) -> DoubtfulPeriod:
    facts = records[0]
    start, end = facts["period_start"], facts["period_end"]
    rows = [_build_row(record, chains) for record in records if record["row_hash"] is not None]
    rows_inside = sorted((row for row in rows if start <= row.occurred_on <= end), key=lambda row: row.order)
    rows_beside = tuple(row for row in rows if not start <= row.occurred_on <= end)
    certain = tuple(_build_certain_rows(record, chains) for record in records if record["row_hash"] is None)
    running = frozenset(str(record["agency"]) for record in records if record["may_run"])
    names = [name for name in DoubtfulPeriod.__annotations__ if name in facts]
    return DoubtfulPeriod(
        **{name: facts[name] for name in names}, rows=tuple(rows_inside), rows_beside=rows_beside, chains=chains,
        certain=certain, running_agencies=running if facts["is_narrowed"] else None,
    )  # fmt: skip


def build_unmarked_row(
    source: str, row_hash: int, agency: str, occurred_on: date, quantity: int, content: str | None, evidence: str | None
) -> EntryRow:
    """Return a row of which nothing but these is asked."""
    return EntryRow(
        agency, agency, occurred_on, KNOWN_NOW, quantity, None, content, evidence,
        confirmed=False, shared_event=None, sums_own_column=False, is_struck=False, swapped_on=None,
        source=source, tab="", row=0, row_hash=row_hash,
    )  # fmt: skip


def _build_row(record: Mapping[str, Any], chains: AgencyChains) -> EntryRow:
    values = {**record, "answering_agency": _find_answering_agency(record, chains)}
    return EntryRow(**{name: values[name] for name in EntryRow.__annotations__})


def _build_certain_rows(record: Mapping[str, Any], chains: AgencyChains) -> CertainRows:
    agency = _find_answering_agency(record, chains)
    return CertainRows(record["agency"], agency, record["occurred_on"], record["quantity"], record["entries"])


def _find_answering_agency(record: Mapping[str, Any], chains: AgencyChains) -> str:
    agency = str(record["agency"])
    standing = [name for name, from_day in chains.get(agency, ()) if from_day <= record["merged_on"]]
    return standing[-1] if standing else agency
