"""Comparing a judged source with what is current: the new is recorded, the gone retired (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import pyarrow

from kpis.sheet.model import CheckedRow, CheckedSheet
from kpis.store import sql
from kpis.store.database import Database
from kpis.store.positions import Position
from kpis.store.staging import Staging
from kpis.sync import arrow_tables
from kpis.sync.arrow_tables import Found, Stamp
from kpis.sync.raw_rows import KeptRow, raw_table

_PACKAGE = "kpis.sync"
Item = TypeVar("Item")
Key = tuple[int, int | str | None]
"""A row hash, and beside it what it does not cover: a finding's code, a value that the register decides."""


@dataclass(frozen=True)
class Part(Generic[Item]):
    """One table's difference: rows to record, identities to retire."""

    fresh: Sequence[Item] = ()
    gone: Sequence[Key] = ()

    def __bool__(self) -> bool:
        return bool(self.fresh or self.gone)


@dataclass(frozen=True)
class Difference:
    """What a source's sync changes, table by table."""

    entries: Part[CheckedRow] = Part()
    reports: Part[CheckedRow] = Part()
    rejections: Part[Found] = Part()
    warnings: Part[Found] = Part()

    def __bool__(self) -> bool:
        return bool(self.entries or self.reports or self.rejections or self.warnings)

    @property
    def recorded(self) -> int:
        """Accepted rows that come into the current set."""
        return len(self.entries.fresh) + len(self.reports.fresh)

    @property
    def retired(self) -> int:
        """Accepted rows that leave the current set."""
        return len(self.entries.gone) + len(self.reports.gone)


@dataclass(frozen=True)
class Current:
    """A source's current set by identity; findings with the place that the version has them at."""

    entries: Set[Key]
    reports: Set[Key]
    rejections: Mapping[Key, Position]
    warnings: Mapping[Key, Position]

    def __contains__(self, key: Key) -> bool:
        """Whether a finding is current."""
        return key in self.rejections or key in self.warnings


def current(base: Database | None, source: str) -> Current:
    """The current set of one source; empty where there is none yet."""
    return Current(
        _keys(base, "current_entries", source),
        _keys(base, "current_task_reports", source),
        _positions(base, "rejections", source),
        _positions(base, "warnings", source),
    )


def compare(known: Current, checked: CheckedSheet, *, afresh: bool = False) -> Difference:
    """The difference between a judged sheet and the current set. `afresh`: nothing current may stay."""
    entries = [((row.row_hash, row.entry.denominator), row) for row in checked.rows if row.entry]
    reports = [((row.row_hash, row.report.agency), row) for row in checked.rows if row.report]
    rejections = [(found.key, found) for found in arrow_tables.rejections(checked.rows)]
    warnings = [(found.key, found) for found in arrow_tables.warnings(checked.rows)]
    return Difference(
        _part(known.entries, entries, afresh),
        _part(known.reports, reports, afresh),
        _part(known.rejections.keys(), rejections, afresh),
        _part(known.warnings.keys(), warnings, afresh),
    )


def moved(known: Current, checked: CheckedSheet) -> dict[Key, Position]:
    """The findings that stay and stand elsewhere now than the version has them."""
    there = {**known.rejections, **known.warnings}
    now = {
        found.key: arrow_tables.position(found)
        for found in (*arrow_tables.rejections(checked.rows), *arrow_tables.warnings(checked.rows))
    }
    return {key: place for key, place in now.items() if there.get(key, place) != place}


def record(staging: Staging, stamp: Stamp, difference: Difference) -> None:
    """Writes a difference; nothing is deleted or written over."""
    rows = (
        ("entries", difference.entries, arrow_tables.entries_table),
        ("task_reports", difference.reports, arrow_tables.reports_table),
    )
    for table, part, table_of in rows:
        _retire(staging, stamp, table, "retire_rows", part.gone)
        if part.fresh:
            staging.insert(table, table_of(stamp, part.fresh))
    for table, found in (("rejections", difference.rejections), ("warnings", difference.warnings)):
        _retire(staging, stamp, table, "retire_findings", found.gone)
        if found.fresh:
            staging.insert(table, arrow_tables.findings_table(stamp, found.fresh))


def record_raw(
    staging: Staging, base: Database | None, stamp: Stamp, rows: Iterable[KeptRow], read_at: datetime
) -> None:
    """Writes what is new and gone among the rows as they were read."""
    known = _keys(base, "current_raw_rows", stamp.source)
    part = _part(known, [((row.row_hash, None), row) for row in rows], afresh=False)
    _retire(staging, stamp, "raw_rows", "retire_rows", part.gone)
    if part.fresh:
        staging.insert("raw_rows", raw_table(stamp, part.fresh, read_at))


def _positions(base: Database | None, table: str, source: str) -> dict[Key, Position]:
    if base is None:
        return {}
    rows = base.table(sql.load(_PACKAGE, "current_findings", table=table), {"source": source}).to_pydict()
    keys = zip(rows["row_hash"], rows["code"], strict=True)
    places = zip(rows["tab"], rows["row"], rows["cell"], rows["header"], rows["detail"], strict=True)
    return {key: Position(*place) for key, place in zip(keys, places, strict=True)}


def _part(known: Set[Key], keyed: Sequence[tuple[Key, Item]], afresh: bool) -> Part[Item]:
    if not known:
        return Part([item for _, item in keyed])
    kept = set() if afresh else {key for key, _ in keyed if key in known}
    return Part([item for key, item in keyed if key not in kept], [key for key in known if key not in kept])


def _keys(base: Database | None, query: str, source: str) -> set[Key]:
    if base is None:
        return set()
    rows = base.table(sql.load(_PACKAGE, query), {"source": source})
    hashes = rows.column("row_hash").to_pylist()
    beside = rows.column("decided").to_pylist() if rows.num_columns > 1 else [None] * len(hashes)
    return set(zip(hashes, beside, strict=True))


def _retire(staging: Staging, stamp: Stamp, table: str, statement: str, gone: Sequence[Key]) -> None:
    if not gone:
        return
    hashes, beside = zip(*gone, strict=True)
    columns = {"row_hash": pyarrow.array(hashes, pyarrow.uint64())}
    if statement == "retire_findings":
        columns["code"] = pyarrow.array(beside, pyarrow.string())
    with staging.given("gone", pyarrow.table(columns)):
        staging.execute(
            sql.load(_PACKAGE, statement, table=table), {"source": stamp.source, "at": stamp.recorded_at}
        )
