"""The entries of targets that may be in doubt (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from kpis.language.normalization import SortKey, to_sort_key
from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, load_query, run_query
from kpis.register.model import NUMBER_MEASURES

PeriodKey = tuple[str, date, date]
"""Target, start and end of its period: periods of one target may share a start."""

AgencyChains = Mapping[str, Sequence[tuple[str, date]]]
"""By agency that has ended, those that have stood for it, each with its first day, in order."""

_CHAINS_QUERY = load_query("kpis.measures", "agency_chains")
_ENTRIES_QUERY = build_statement(["requested_periods", "previous_figures", "doubtful_entries"])
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


@dataclass(frozen=True)
class DoubtfulPeriod:
    """A target's period that may be in doubt, with all its entries up to the day asked, in order.

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
    rows: dict[PeriodKey, list[EntryRow]] = {}
    facts: dict[PeriodKey, Mapping[str, Any]] = {}
    targets = sorted({target for target, *_ in keys})
    chains = _load_chains(db, params)
    for record in run_query(db, _ENTRIES_QUERY, {**params, "targets": targets}):
        key = get_period_key(record)
        if key in keys:
            facts.setdefault(key, record)
            rows.setdefault(key, []).append(_build_row(record, chains))
    return [_build_period(facts[key], rows[key], chains.get(facts[key]["plan"], {})) for key in sorted(rows)]


def _load_chains(db: DatabaseReader, params: Mapping[str, object]) -> dict[str, AgencyChains]:
    chains: dict[str, dict[str, list[tuple[str, date]]]] = {}
    for row in run_query(db, _CHAINS_QUERY, params):
        chain = chains.setdefault(str(row["plan"]), {}).setdefault(str(row["agency"]), [])
        chain.append((str(row["successor"]), cast(date, row["from_day"])))
    return dict(chains)


def _build_period(facts: Mapping[str, Any], rows: Sequence[EntryRow], chains: AgencyChains) -> DoubtfulPeriod:
    start, end = facts["period_start"], facts["period_end"]
    rows_inside = sorted((row for row in rows if start <= row.occurred_on <= end), key=lambda row: row.order)
    rows_beside = tuple(row for row in rows if not start <= row.occurred_on <= end)
    names = [name for name in DoubtfulPeriod.__annotations__ if name in facts]
    return DoubtfulPeriod(
        **{name: facts[name] for name in names}, rows=tuple(rows_inside), rows_beside=rows_beside, chains=chains
    )


def build_unmarked_row(
    agency: str, occurred_on: date, quantity: int, content: str | None, evidence: str | None
) -> EntryRow:
    """Return a row of which nothing but these is asked."""
    return EntryRow(
        agency, agency, occurred_on, KNOWN_NOW, quantity, None, content, evidence,
        confirmed=False, shared_event=None, sums_own_column=False, is_struck=False, swapped_on=None,
        source="", tab="", row=0, row_hash=0,
    )  # fmt: skip


def _build_row(record: Mapping[str, Any], chains: Mapping[str, AgencyChains]) -> EntryRow:
    agency = record["agency"]
    successors = chains[record["plan"]].get(agency, ()) if record["plan"] in chains else ()
    standing = [name for name, from_day in successors if from_day <= record["merged_on"]]
    values = {**record, "answering_agency": standing[-1] if standing else agency}
    return EntryRow(**{name: values[name] for name in EntryRow.__annotations__})
