"""The tab of explanations in the history: its rows are recorded and retired apart from the other tabs of a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import pyarrow

from kpis.sheet.model import CheckedExplanations, CheckedRow, SetAsideRow
from kpis.store import sql
from kpis.store.positions import Position
from kpis.store.version_store import RowReader
from kpis.sync import arrow_tables
from kpis.sync.arrow_tables import RowFinding, Stamp
from kpis.sync.history import (
    HistoryKey,
    TableChange,
    TableDifference,
    build_change,
    compare_table,
    read_finding_positions,
    read_set_aside_positions,
)

TAB_KIND = "explanations"


@dataclass(frozen=True)
class ExplanationState:
    """One row of `explanation_states`: the last good read of a source's tab of explanations."""

    source: str
    plan: str
    read: int
    accepted: int
    rejected: int
    last_good_at: datetime
    falls_due_on: date | None
    judged_by: str
    layout: str
    reader_version: int


@dataclass(frozen=True)
class CurrentExplanations:
    """The current rows of the tab: when each was first recorded, and where findings and rows that are no data were."""

    rows: Mapping[HistoryKey, datetime]
    rejections: Mapping[HistoryKey, Position]
    warnings: Mapping[HistoryKey, Position]
    set_aside: Mapping[HistoryKey, Position]

    @property
    def bindings(self) -> Mapping[int, str | None]:
        """By row hash, the request with which each row was recorded."""
        return {row_hash: decided[0] for row_hash, decided in self.rows}

    @property
    def finding_positions(self) -> Mapping[HistoryKey, Position]:
        """Every finding and row that is no data, with its position in the version."""
        return {**self.rejections, **self.warnings, **self.set_aside}


@dataclass(frozen=True)
class ExplanationDifference:
    """What of the tab is new and what is gone, table by table."""

    rows: TableDifference[CheckedRow]
    rejections: TableDifference[RowFinding]
    warnings: TableDifference[RowFinding]
    set_aside: TableDifference[SetAsideRow]

    def __bool__(self) -> bool:
        return bool(self.rows or self.rejections or self.warnings or self.set_aside)


def read_current_explanations(reader: RowReader | None, source: str) -> CurrentExplanations:
    """Return the current rows of the tab of one source; none before the first."""
    rows: dict[HistoryKey, datetime] = {}
    if reader is not None:
        columns = reader.fetch_table(sql.load("kpis.sync", "current_explanations"), {"source": source}).to_pydict()
        for row_hash, request, answered_by, first_recorded in zip(*columns.values(), strict=True):
            rows[row_hash, (request, answered_by)] = first_recorded
    return CurrentExplanations(
        rows,
        read_finding_positions(reader, "rejections", source, TAB_KIND),
        read_finding_positions(reader, "warnings", source, TAB_KIND),
        read_set_aside_positions(reader, source, TAB_KIND),
    )


def compare_explanations(
    current: CurrentExplanations, checked: CheckedExplanations, *, replace_all: bool = False
) -> ExplanationDifference:
    """Return the difference between a checked tab and its current rows."""
    keyed = [((row.row_hash, _get_marks(row)), row) for row in checked.rows if row.explanation]
    rows = compare_table(current.rows.keys(), keyed, replace_all)
    if not replace_all:
        retired = {key[0]: current.rows[key] for key in rows.to_retire}
        repeated = {row.row_hash: retired[row.row_hash] for row in rows.to_record if row.row_hash in retired}
        rows = replace(rows, first_recorded=repeated)
    rejections = [(finding.key, finding) for finding in arrow_tables.list_rejections(checked.rows)]
    warnings = [(finding.key, finding) for finding in arrow_tables.list_warnings(checked.rows)]
    set_aside = [((row.row_hash, row.reason), row) for row in checked.set_aside]
    return ExplanationDifference(
        rows,
        compare_table(current.rejections.keys(), rejections, replace_all),
        compare_table(current.warnings.keys(), warnings, replace_all),
        compare_table(current.set_aside.keys(), set_aside, replace_all),
    )


def build_explanation_changes(stamp: Stamp, difference: ExplanationDifference) -> list[TableChange]:
    """Return a difference as what is written."""
    build_rows = partial(arrow_tables.build_explanations_table, first_recorded=difference.rows.first_recorded)
    build_findings, build_aside = arrow_tables.build_findings_table, arrow_tables.build_set_aside_table
    return [
        build_change(stamp, "explanations", "retire_rows", difference.rows, build_rows),
        build_change(stamp, "rejections", "retire_findings", difference.rejections, build_findings),
        build_change(stamp, "warnings", "retire_findings", difference.warnings, build_findings),
        build_change(stamp, "set_aside_rows", "retire_rows", difference.set_aside, build_aside),
    ]


def read_explanation_states(reader: RowReader | None) -> dict[str, ExplanationState]:
    """Return the state of the tab of every source that ever had one, by source."""
    if reader is None:
        return {}
    rows: Sequence[Mapping[str, Any]] = reader.fetch_rows(sql.load("kpis.sync", "explanation_states"))
    return {row["source"]: ExplanationState(**row) for row in rows}


def build_explanation_states(states: Sequence[ExplanationState]) -> pyarrow.Table:
    """Return states as rows of `explanation_states`."""
    types = {"last_good_at": pyarrow.timestamp("us"), "falls_due_on": pyarrow.date32()}
    rows = [asdict(state) for state in states]
    names = ExplanationState.__dataclass_fields__
    return pyarrow.table({name: pyarrow.array([row[name] for row in rows], types.get(name)) for name in names})


def _get_marks(row: CheckedRow) -> tuple[object, ...]:
    """Return what a row's hash does not cover: if it changes, the row is recorded once more."""
    content = row.explanation
    return (content.request, content.answered_by) if content else ()
