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
from kpis.sync.arrow_tables import RowFinding, Stamp
from kpis.sync.raw_rows import StoredRow, build_raw_table

_PACKAGE = "kpis.sync"
Item = TypeVar("Item")
HistoryKey = tuple[int, int | str | None]
"""A row hash, and beside it what it does not cover: a finding's code, a value that the register decides."""


@dataclass(frozen=True)
class TableDifference(Generic[Item]):
    """One table's difference: rows to record, identities to retire."""

    to_record: Sequence[Item] = ()
    to_retire: Sequence[HistoryKey] = ()

    def __bool__(self) -> bool:
        return bool(self.to_record or self.to_retire)


@dataclass(frozen=True)
class SourceDifference:
    """What a source's sync changes, table by table."""

    entries: TableDifference[CheckedRow] = TableDifference()
    reports: TableDifference[CheckedRow] = TableDifference()
    rejections: TableDifference[RowFinding] = TableDifference()
    warnings: TableDifference[RowFinding] = TableDifference()

    def __bool__(self) -> bool:
        return bool(self.entries or self.reports or self.rejections or self.warnings)

    @property
    def recorded(self) -> int:
        """Accepted rows that come into the current set."""
        return len(self.entries.to_record) + len(self.reports.to_record)

    @property
    def retired(self) -> int:
        """Accepted rows that leave the current set."""
        return len(self.entries.to_retire) + len(self.reports.to_retire)


@dataclass(frozen=True)
class CurrentSet:
    """A source's current set by identity; findings with the place that the version has them at."""

    entries: Set[HistoryKey]
    reports: Set[HistoryKey]
    rejections: Mapping[HistoryKey, Position]
    warnings: Mapping[HistoryKey, Position]

    def __contains__(self, key: HistoryKey) -> bool:
        """Whether a finding is current."""
        return key in self.rejections or key in self.warnings


def read_current_set(base: Database | None, source: str) -> CurrentSet:
    """The current set of one source; empty where there is none yet."""
    return CurrentSet(
        _read_keys(base, "current_entries", source),
        _read_keys(base, "current_task_reports", source),
        _read_positions(base, "rejections", source),
        _read_positions(base, "warnings", source),
    )


def compare(current_set: CurrentSet, checked: CheckedSheet, *, replace_all: bool = False) -> SourceDifference:
    """The difference between a judged sheet and the current set. `afresh`: nothing current may stay."""
    entries = [((row.row_hash, row.entry.denominator), row) for row in checked.rows if row.entry]
    reports = [((row.row_hash, row.report.agency), row) for row in checked.rows if row.report]
    rejections = [(found.key, found) for found in arrow_tables.list_rejections(checked.rows)]
    warnings = [(found.key, found) for found in arrow_tables.list_warnings(checked.rows)]
    return SourceDifference(
        _compare_table(current_set.entries, entries, replace_all),
        _compare_table(current_set.reports, reports, replace_all),
        _compare_table(current_set.rejections.keys(), rejections, replace_all),
        _compare_table(current_set.warnings.keys(), warnings, replace_all),
    )


def find_moved_findings(current_set: CurrentSet, checked: CheckedSheet) -> dict[HistoryKey, Position]:
    """The findings that stay and stand elsewhere now than the version has them."""
    there = {**current_set.rejections, **current_set.warnings}
    now = {
        found.key: arrow_tables.to_position(found)
        for found in (*arrow_tables.list_rejections(checked.rows), *arrow_tables.list_warnings(checked.rows))
    }
    return {key: place for key, place in now.items() if there.get(key, place) != place}


def record(staging: Staging, stamp: Stamp, difference: SourceDifference) -> None:
    """Writes a difference; nothing is deleted or written over."""
    rows = (
        ("entries", difference.entries, arrow_tables.build_entries_table),
        ("task_reports", difference.reports, arrow_tables.build_reports_table),
    )
    for table, part, table_of in rows:
        _retire(staging, stamp, table, "retire_rows", part.to_retire)
        if part.to_record:
            staging.insert(table, table_of(stamp, part.to_record))
    for table, found in (("rejections", difference.rejections), ("warnings", difference.warnings)):
        _retire(staging, stamp, table, "retire_findings", found.to_retire)
        if found.to_record:
            staging.insert(table, arrow_tables.build_findings_table(stamp, found.to_record))


def record_raw(
    staging: Staging, base: Database | None, stamp: Stamp, rows: Iterable[StoredRow], read_at: datetime
) -> None:
    """Writes what is new and gone among the rows as they were read."""
    known = _read_keys(base, "current_raw_rows", stamp.source)
    part = _compare_table(known, [((row.row_hash, None), row) for row in rows], replace_all=False)
    _retire(staging, stamp, "raw_rows", "retire_rows", part.to_retire)
    if part.to_record:
        staging.insert("raw_rows", build_raw_table(stamp, part.to_record, read_at))


def _read_positions(base: Database | None, table: str, source: str) -> dict[HistoryKey, Position]:
    if base is None:
        return {}
    rows = base.fetch_table(
        sql.load(_PACKAGE, "current_findings", table=table), {"source": source}
    ).to_pydict()
    keys = zip(rows["row_hash"], rows["code"], strict=True)
    places = zip(rows["tab"], rows["row"], rows["cell"], rows["header"], rows["detail"], strict=True)
    return {key: Position(*place) for key, place in zip(keys, places, strict=True)}


def _compare_table(
    current_keys: Set[HistoryKey], keyed_items: Sequence[tuple[HistoryKey, Item]], replace_all: bool
) -> TableDifference[Item]:
    if not current_keys:
        return TableDifference([item for _, item in keyed_items])
    kept = set() if replace_all else {key for key, _ in keyed_items if key in current_keys}
    return TableDifference(
        [item for key, item in keyed_items if key not in kept],
        [key for key in current_keys if key not in kept],
    )


def _read_keys(base: Database | None, query: str, source: str) -> set[HistoryKey]:
    if base is None:
        return set()
    rows = base.fetch_table(sql.load(_PACKAGE, query), {"source": source})
    hashes = rows.column("row_hash").to_pylist()
    beside = rows.column("decided").to_pylist() if rows.num_columns > 1 else [None] * len(hashes)
    return set(zip(hashes, beside, strict=True))


def _retire(staging: Staging, stamp: Stamp, table: str, statement: str, keys: Sequence[HistoryKey]) -> None:
    if not keys:
        return
    hashes, beside = zip(*keys, strict=True)
    columns = {"row_hash": pyarrow.array(hashes, pyarrow.uint64())}
    if statement == "retire_findings":
        columns["code"] = pyarrow.array(beside, pyarrow.string())
    with staging.bind_table("gone", pyarrow.table(columns)):
        staging.execute(
            sql.load(_PACKAGE, statement, table=table), {"source": stamp.source, "at": stamp.recorded_at}
        )
