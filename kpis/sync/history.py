"""Compare a checked source with its current rows: record new rows, retire missing ones (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Generic, Literal, TypeVar

import pyarrow

from kpis.sheet.model import CheckedExplanations, CheckedRow, CheckedSheet, Entry, SetAsideRow
from kpis.store import sql
from kpis.store.positions import Position
from kpis.store.staged_version import StagedVersion
from kpis.store.version_store import RowReader
from kpis.sync import arrow_tables
from kpis.sync.arrow_tables import RowFinding, Stamp
from kpis.sync.raw_rows import StoredRow, build_raw_table

_PACKAGE = "kpis.sync"
Item = TypeVar("Item")
"""A published version, or the copy of it that a sync changes."""
HistoryKey = tuple[int, Any]
"""A row hash and what it does not cover: a finding's code, a value that the register determines, or an
entry's marks (`list_marks`)."""


@dataclass(frozen=True)
class TableDifference(Generic[Item]):
    """One table's difference: rows to record, identities to retire."""

    to_record: Sequence[Item] = ()
    to_retire: Sequence[HistoryKey] = ()
    first_recorded: Mapping[int, datetime] = field(default_factory=dict)
    """By row hash: when the content of an entry that is recorded again was first recorded."""

    def __bool__(self) -> bool:
        return bool(self.to_record or self.to_retire)


@dataclass(frozen=True)
class SourceDifference:
    """The changes of one source in one sync, table by table."""

    entries: TableDifference[CheckedRow] = TableDifference()
    reports: TableDifference[CheckedRow] = TableDifference()
    rejections: TableDifference[RowFinding] = TableDifference()
    warnings: TableDifference[RowFinding] = TableDifference()
    set_aside: TableDifference[SetAsideRow] = TableDifference()

    def __bool__(self) -> bool:
        return bool(self.entries or self.reports or self.rejections or self.warnings or self.set_aside)

    @property
    def recorded(self) -> int:
        """The number of accepted rows added to the current set."""
        return len(self.entries.to_record) + len(self.reports.to_record)

    @property
    def retired(self) -> int:
        """The number of accepted rows removed from the current set."""
        return len(self.entries.to_retire) + len(self.reports.to_retire)


@dataclass(frozen=True)
class CurrentSet:
    """A source's current rows by identity; entries with the moment at which their content was first recorded,
    findings with their position in the version.
    """

    entries: Mapping[HistoryKey, datetime]
    reports: Set[HistoryKey]
    rejections: Mapping[HistoryKey, Position]
    warnings: Mapping[HistoryKey, Position]
    set_aside: Mapping[HistoryKey, Position]

    def __contains__(self, key: HistoryKey) -> bool:
        """True if a finding or a row that is set aside is current."""
        return key in self.rejections or key in self.warnings or key in self.set_aside


def read_current_set(reader: RowReader | None, source: str) -> CurrentSet:
    """Return the current set of one source; empty if there is none yet."""
    return CurrentSet(
        _read_entries(reader, source),
        _read_keys(reader, "current_task_reports", source),
        read_finding_positions(reader, "rejections", source),
        read_finding_positions(reader, "warnings", source),
        read_set_aside_positions(reader, source),
    )


def compare(current_set: CurrentSet, checked: CheckedSheet, *, replace_all: bool = False) -> SourceDifference:
    """Return the difference between a checked sheet and the current set; `replace_all` retires all of it."""
    entries = [((row.row_hash, list_marks(row.entry)), row) for row in checked.rows if row.entry]
    reports = [((row.row_hash, row.report.agency), row) for row in checked.rows if row.report]
    rejections = [(finding.key, finding) for finding in arrow_tables.list_rejections(checked.rows)]
    warnings = [(finding.key, finding) for finding in arrow_tables.list_warnings(checked.rows)]
    set_aside = [((row.row_hash, row.reason), row) for row in checked.set_aside]
    return SourceDifference(
        _compare_entries(current_set, entries, replace_all),
        compare_table(current_set.reports, reports, replace_all),
        compare_table(current_set.rejections.keys(), rejections, replace_all),
        compare_table(current_set.warnings.keys(), warnings, replace_all),
        compare_table(current_set.set_aside.keys(), set_aside, replace_all),
    )


def list_marks(entry: Entry) -> tuple[object, ...]:
    """Return what an entry's row hash does not cover: if it changes, the row is recorded again."""
    return entry.denominator, entry.confirmed, entry.sums_own_column, entry.is_struck, entry.swapped_on


def _compare_entries(
    current_set: CurrentSet, keyed_rows: Sequence[tuple[HistoryKey, CheckedRow]], replace_all: bool
) -> TableDifference[CheckedRow]:
    """Compare entries; one whose marks or agency alone changed keeps the moment at which it was first recorded."""
    difference = compare_table(current_set.entries.keys(), keyed_rows, replace_all)
    if replace_all:
        return difference
    retired = {key[0]: current_set.entries[key] for key in difference.to_retire}
    repeated = {
        row.row_hash: retired[hashes[0]]
        for row in difference.to_record
        if (hashes := [each for each in (row.row_hash, *row.hashes_of_others) if each in retired])
    }
    return replace(difference, first_recorded=repeated)


def find_moved_findings(current_set: CurrentSet, checked: CheckedSheet) -> dict[HistoryKey, Position]:
    """Return the current position of every finding that stays but is no longer where the version has it."""
    recorded = {**current_set.rejections, **current_set.warnings, **current_set.set_aside}
    return find_moved_positions(recorded, checked)


def find_moved_positions(
    recorded: Mapping[HistoryKey, Position], checked: CheckedSheet | CheckedExplanations
) -> dict[HistoryKey, Position]:
    """Return where findings are now, of those that are recorded elsewhere."""
    positions: dict[HistoryKey, Position] = {
        (row.row_hash, row.reason): Position(row.tab_name, row.number, None, None, None) for row in checked.set_aside
    }
    positions |= {
        finding.key: arrow_tables.to_position(finding)
        for finding in (
            *arrow_tables.list_rejections(checked.rows),
            *arrow_tables.list_warnings(checked.rows),
        )
    }
    return {key: position for key, position in positions.items() if recorded.get(key, position) != position}


@dataclass(frozen=True)
class TableChange:
    """What is written into one table: the rows to retire, and the new ones as Arrow rows, None for none."""

    table: str
    retire_statement: Literal["retire_rows", "retire_findings"]
    to_retire: Sequence[HistoryKey]
    new_rows: pyarrow.Table | None


def build_changes(stamp: Stamp, difference: SourceDifference) -> list[TableChange]:
    """Return a difference as what is written, so that a value that no table can hold fails before any write."""
    build_entries = partial(arrow_tables.build_entries_table, first_recorded=difference.entries.first_recorded)
    build_findings = arrow_tables.build_findings_table
    return [
        build_change(stamp, "entries", "retire_rows", difference.entries, build_entries),
        build_change(stamp, "task_reports", "retire_rows", difference.reports, arrow_tables.build_reports_table),
        build_change(stamp, "rejections", "retire_findings", difference.rejections, build_findings),
        build_change(stamp, "warnings", "retire_findings", difference.warnings, build_findings),
        build_change(stamp, "set_aside_rows", "retire_rows", difference.set_aside, arrow_tables.build_set_aside_table),
    ]


def build_raw_change(
    reader: RowReader | None,
    stamp: Stamp,
    rows: Iterable[StoredRow],
    read_at: datetime,
    tab_kind: str | None = None,
) -> TableChange:
    """Return what changes in the raw rows of a source: new ones are recorded, missing ones retired."""
    current_keys = _read_keys(reader, "current_raw_rows", stamp.source, tab_kind)
    difference = compare_table(current_keys, [((row.row_hash, None), row) for row in rows], replace_all=False)
    build_table = partial(build_raw_table, read_at=read_at, tab_kind=tab_kind)
    return build_change(stamp, "raw_rows", "retire_rows", difference, build_table)


def record(staging: StagedVersion, stamp: Stamp, changes: Iterable[TableChange]) -> None:
    """Write changes; nothing is deleted or overwritten."""
    for change in changes:
        _retire(staging, stamp, change.table, change.retire_statement, change.to_retire)
        if change.new_rows is not None:
            staging.insert(change.table, change.new_rows)


def build_change(
    stamp: Stamp,
    table: str,
    retire_statement: Literal["retire_rows", "retire_findings"],
    difference: TableDifference[Item],
    build_table: Callable[[Stamp, Sequence[Item]], pyarrow.Table],
) -> TableChange:
    """Return the change of one table as it is written."""
    new_rows = build_table(stamp, difference.to_record) if difference.to_record else None
    return TableChange(table, retire_statement, difference.to_retire, new_rows)


def read_finding_positions(
    reader: RowReader | None, table: str, source: str, tab_kind: str | None = None
) -> dict[HistoryKey, Position]:
    """Return the current findings of a source in one table, with the position that each was recorded at."""
    if reader is None:
        return {}
    params = {"source": source, "tab_kind": tab_kind}
    rows = reader.fetch_table(sql.load(_PACKAGE, "current_findings", table=table), params).to_pydict()
    keys = zip(rows["row_hash"], rows["code"], strict=True)
    positions = zip(rows["tab"], rows["row"], rows["cell"], rows["header"], rows["detail"], strict=True)
    return {key: Position(*position) for key, position in zip(keys, positions, strict=True)}


def read_set_aside_positions(
    reader: RowReader | None, source: str, tab_kind: str | None = None
) -> dict[HistoryKey, Position]:
    """Return the current rows of a source that are no data, with the position that each was recorded at."""
    if reader is None:
        return {}
    params = {"source": source, "tab_kind": tab_kind}
    rows = reader.fetch_table(sql.load(_PACKAGE, "current_set_aside_rows"), params).to_pydict()
    keys = zip(rows["row_hash"], rows["reason"], strict=True)
    positions = zip(rows["tab"], rows["row"], strict=True)
    return {key: Position(tab, row, None, None, None) for key, (tab, row) in zip(keys, positions, strict=True)}


def compare_table(
    current_keys: Set[HistoryKey], keyed_items: Sequence[tuple[HistoryKey, Item]], replace_all: bool
) -> TableDifference[Item]:
    """Return what of one table is new and what is gone; `replace_all` retires all of it."""
    if not current_keys:
        return TableDifference([item for _, item in keyed_items])
    unchanged = set() if replace_all else {key for key, _ in keyed_items if key in current_keys}
    return TableDifference(
        [item for key, item in keyed_items if key not in unchanged],
        [key for key in current_keys if key not in unchanged],
    )


def _read_entries(reader: RowReader | None, source: str) -> dict[HistoryKey, datetime]:
    if reader is None:
        return {}
    columns = reader.fetch_table(sql.load(_PACKAGE, "current_entries"), {"source": source}).to_pydict()
    hashes, *marks, first_recorded = columns.values()
    rows = zip(hashes, zip(*marks, strict=True), first_recorded, strict=True)
    return {(row_hash, decided): at for row_hash, decided, at in rows}


def _read_keys(reader: RowReader | None, query: str, source: str, tab_kind: str | None = None) -> set[HistoryKey]:
    if reader is None:
        return set()
    params = {"source": source, **({"tab_kind": tab_kind} if query == "current_raw_rows" else {})}
    rows = reader.fetch_table(sql.load(_PACKAGE, query), params)
    hashes = rows.column("row_hash").to_pylist()
    decided = rows.column("decided").to_pylist() if rows.num_columns > 1 else [None] * len(hashes)
    return set(zip(hashes, decided, strict=True))


def _retire(staging: StagedVersion, stamp: Stamp, table: str, statement: str, keys: Sequence[HistoryKey]) -> None:
    if not keys:
        return
    hashes, codes = zip(*keys, strict=True)
    columns = {"row_hash": pyarrow.array(hashes, pyarrow.uint64())}
    if statement == "retire_findings":
        columns["code"] = pyarrow.array(codes, pyarrow.string())
    with staging.bind_table("retired", pyarrow.table(columns)):
        staging.execute(sql.load(_PACKAGE, statement, table=table), {"source": stamp.source, "at": stamp.recorded_at})
