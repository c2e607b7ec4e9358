"""A judged source as Arrow tables, one function per table of the history (design.md §8: never row by row)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow
import pyarrow.compute

from kpis.sheet.model import CellFinding, CheckedRow
from kpis.store.positions import Position

_ENTRY_TYPES = {
    "target": pyarrow.string(),
    "agency": pyarrow.string(),
    "occurred_on": pyarrow.date32(),
    "quantity": pyarrow.int64(),
    "denominator": pyarrow.int64(),
    "content": pyarrow.string(),
    "evidence": pyarrow.string(),
    "entered_by": pyarrow.string(),
}
_REPORT_TYPES = {
    "task": pyarrow.string(),
    "agency": pyarrow.string(),
    "status": pyarrow.string(),
    "finished_on": pyarrow.date32(),
    "result": pyarrow.string(),
    "evidence": pyarrow.string(),
    "difficulty": pyarrow.string(),
}
_FINDING_TYPES = {
    "code": pyarrow.string(),
    "cell": pyarrow.string(),
    "header": pyarrow.string(),
    "value": pyarrow.string(),
}


@dataclass(frozen=True)
class Stamp:
    """What all rows of one source's sync share: whose they are and when they were recorded."""

    source: str
    plan: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One finding and the row it is on."""

    row: CheckedRow
    finding: CellFinding

    @property
    def key(self) -> tuple[int, str]:
        """What it is known by from sync to sync: never its place, which moves."""
        return self.row.row_hash, self.finding.code


def list_rejections(rows: Sequence[CheckedRow]) -> Iterator[RowFinding]:
    """Every rejection of every row."""
    return (RowFinding(row, finding) for row in rows for finding in row.rejections)


def list_warnings(rows: Sequence[CheckedRow]) -> Iterator[RowFinding]:
    """Every warning of every row."""
    return (RowFinding(row, finding) for row in rows for finding in row.warnings)


def build_entries_table(stamp: Stamp, rows: Sequence[CheckedRow]) -> pyarrow.Table:
    """Accepted progress rows as rows of `entries`, in date order (design.md §8)."""
    days = pyarrow.array([row.entry and row.entry.occurred_on for row in rows], pyarrow.date32())
    ordered = [rows[at] for at in pyarrow.compute.sort_indices(days).to_pylist()]
    return _build_table(stamp, ordered, _build_columns(_ENTRY_TYPES, [row.entry for row in ordered]))


def build_reports_table(stamp: Stamp, rows: Sequence[CheckedRow]) -> pyarrow.Table:
    """Accepted task rows as rows of `task_reports`."""
    return _build_table(stamp, rows, _build_columns(_REPORT_TYPES, [row.report for row in rows]))


def build_findings_table(stamp: Stamp, row_findings: Sequence[RowFinding]) -> pyarrow.Table:
    """Findings as rows of `rejections` or `warnings`."""
    rows = [one.row for one in row_findings]
    columns = {
        **_build_columns(_FINDING_TYPES, [one.finding for one in row_findings]),
        "agency": pyarrow.array([row.agency for row in rows], pyarrow.string()),
        "target": pyarrow.array([row.target for row in rows], pyarrow.string()),
        "detail": pyarrow.array([_serialize_detail(one.finding) for one in row_findings], pyarrow.string()),
    }
    return _build_table(stamp, rows, columns)


def to_position(row_finding: RowFinding) -> Position:
    """Where a finding stands, as a reader is shown it."""
    row, finding = row_finding.row, row_finding.finding
    return Position(row.tab_name, row.number, finding.cell, finding.header, _serialize_detail(finding))


def _serialize_detail(finding: CellFinding) -> str:
    return json.dumps(dict(finding.detail), ensure_ascii=False, sort_keys=True)


def _build_columns(
    types: Mapping[str, pyarrow.DataType], values: Sequence[object]
) -> dict[str, pyarrow.Array]:
    return {
        name: pyarrow.array([getattr(value, name) for value in values], kind) for name, kind in types.items()
    }


def _build_table(
    stamp: Stamp, rows: Sequence[CheckedRow], columns: Mapping[str, pyarrow.Array]
) -> pyarrow.Table:
    recorded_at = pyarrow.scalar(stamp.recorded_at, pyarrow.timestamp("us"))
    return pyarrow.table(
        {
            "source": pyarrow.repeat(stamp.source, len(rows)),
            "plan": pyarrow.repeat(stamp.plan, len(rows)),
            **columns,
            "tab": pyarrow.array([row.tab_name for row in rows], pyarrow.string()),
            "row": pyarrow.array([row.number for row in rows], pyarrow.int32()),
            "row_hash": pyarrow.array([row.row_hash for row in rows], pyarrow.uint64()),
            "recorded_at": pyarrow.repeat(recorded_at, len(rows)),
        }
    )
