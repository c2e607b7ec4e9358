"""A checked source as Arrow tables, one function per history table (design.md §8: never row by row)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pyarrow
import pyarrow.compute

from kpis.sheet.model import CellFinding, CheckedRow, SetAsideRow
from kpis.store.positions import Position

_ENTRY_TYPES = {
    "target": pyarrow.string(),
    "agency": pyarrow.string(),
    "occurred_on": pyarrow.date32(),
    "denominator": pyarrow.int64(),
    "content": pyarrow.string(),
    "evidence": pyarrow.string(),
    "entered_by": pyarrow.string(),
    "confirmed": pyarrow.bool_(),
    "shared_event": pyarrow.string(),
    "sums_own_column": pyarrow.bool_(),
    "is_struck": pyarrow.bool_(),
    "swapped_on": pyarrow.date32(),
}
MILLIONTHS = 1_000_000
"""The unit of `fraction`: what an amount has behind its decimal mark."""

_REPORT_TYPES = {
    "task": pyarrow.string(),
    "agency": pyarrow.string(),
    "status": pyarrow.string(),
    "finished_on": pyarrow.date32(),
    "result": pyarrow.string(),
    "evidence": pyarrow.string(),
    "difficulty": pyarrow.string(),
}
_EXPLANATION_TYPES = {
    "target": pyarrow.string(),
    "task": pyarrow.string(),
    "agency": pyarrow.string(),
    "request": pyarrow.string(),
    "asked_on": pyarrow.date32(),
    "question": pyarrow.string(),
    "due_on": pyarrow.date32(),
    "answer": pyarrow.string(),
    "measures": pyarrow.string(),
    "promised_on": pyarrow.date32(),
    "answered_on": pyarrow.date32(),
    "answered_by": pyarrow.string(),
}
_FINDING_TYPES = {
    "code": pyarrow.string(),
    "cell": pyarrow.string(),
    "header": pyarrow.string(),
    "value": pyarrow.string(),
}


@dataclass(frozen=True)
class Stamp:
    """What all rows of one source in one sync share: source, plan and the moment of recording (naive UTC)."""

    source: str
    plan: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One finding and its row."""

    row: CheckedRow
    finding: CellFinding

    @property
    def key(self) -> tuple[int, str]:
        """Its identity from sync to sync: row hash and code, never its position, which may change."""
        return self.row.row_hash, self.finding.code


def list_rejections(rows: Sequence[CheckedRow]) -> Iterator[RowFinding]:
    """Yield every rejection of every row."""
    return (RowFinding(row, finding) for row in rows for finding in row.rejections)


def list_warnings(rows: Sequence[CheckedRow]) -> Iterator[RowFinding]:
    """Yield every warning of every row."""
    return (RowFinding(row, finding) for row in rows for finding in row.warnings)


def build_entries_table(
    stamp: Stamp, rows: Sequence[CheckedRow], first_recorded: Mapping[int, datetime]
) -> pyarrow.Table:
    """Return accepted progress rows as rows of `entries`, in date order (design.md §8).

    `first_recorded`, by row hash: when the content of a row that is recorded again was first recorded.
    """
    days = pyarrow.array([row.entry and row.entry.occurred_on for row in rows], pyarrow.date32())
    ordered = [rows[index] for index in pyarrow.compute.sort_indices(days).to_pylist()]
    columns = _build_columns(_ENTRY_TYPES, [row.entry for row in ordered])
    integer_parts = [
        None if row.entry is None or row.entry.quantity is None else int(row.entry.quantity) for row in ordered
    ]
    columns["quantity"] = pyarrow.array(integer_parts, pyarrow.int64())
    quantities = [Decimal(row.entry.quantity or 0) if row.entry else Decimal(0) for row in ordered]
    fractions = [int(quantity % 1 * MILLIONTHS) for quantity in quantities]
    columns["fraction"] = pyarrow.array([fraction or None for fraction in fractions], pyarrow.int32())
    moments = [first_recorded.get(row.row_hash) for row in ordered]
    columns["first_recorded_at"] = pyarrow.array(moments, pyarrow.timestamp("us"))
    return _build_table(stamp, ordered, columns)


def build_reports_table(stamp: Stamp, rows: Sequence[CheckedRow]) -> pyarrow.Table:
    """Return accepted task rows as rows of `task_reports`."""
    return _build_table(stamp, rows, _build_columns(_REPORT_TYPES, [row.report for row in rows]))


def build_explanations_table(
    stamp: Stamp, rows: Sequence[CheckedRow], first_recorded: Mapping[int, datetime]
) -> pyarrow.Table:
    """Return accepted rows of the tab of explanations as rows of `explanations`; `first_recorded` as for entries."""
    columns = _build_columns(_EXPLANATION_TYPES, [row.explanation for row in rows])
    moments = [first_recorded.get(row.row_hash) for row in rows]
    columns["first_recorded_at"] = pyarrow.array(moments, pyarrow.timestamp("us"))
    return _build_table(stamp, rows, columns)


def build_findings_table(stamp: Stamp, row_findings: Sequence[RowFinding]) -> pyarrow.Table:
    """Return findings as rows of `rejections` or `warnings`."""
    rows = [row_finding.row for row_finding in row_findings]
    findings = [row_finding.finding for row_finding in row_findings]
    columns = {
        **_build_columns(_FINDING_TYPES, findings),
        "agency": pyarrow.array([row.agency for row in rows], pyarrow.string()),
        "target": pyarrow.array([row.target for row in rows], pyarrow.string()),
        "detail": pyarrow.array([_serialize_detail(finding) for finding in findings], pyarrow.string()),
        "tab_kind": _build_tab_kinds(rows),
    }
    return _build_table(stamp, rows, columns)


def build_set_aside_table(stamp: Stamp, rows: Sequence[SetAsideRow]) -> pyarrow.Table:
    """Return rows that are no data as rows of `set_aside_rows`."""
    columns = {
        "reason": pyarrow.array([row.reason for row in rows], pyarrow.string()),
        "value": pyarrow.array([row.text for row in rows], pyarrow.string()),
        "tab_kind": _build_tab_kinds(rows),
    }
    return _build_table(stamp, rows, columns)


def to_position(row_finding: RowFinding) -> Position:
    """Return the position of a finding, as shown to people."""
    row, finding = row_finding.row, row_finding.finding
    return Position(row.tab_name, row.number, finding.cell, finding.header, _serialize_detail(finding))


def _serialize_detail(finding: CellFinding) -> str:
    return json.dumps(dict(finding.detail), ensure_ascii=False, sort_keys=True)


def _build_tab_kinds(rows: Sequence[CheckedRow | SetAsideRow]) -> pyarrow.Array:
    """Return the kind of each row's tab where it is an optional one, else null."""
    return pyarrow.array([row.tab if row.tab == "explanations" else None for row in rows], pyarrow.string())


def _build_columns(types: Mapping[str, pyarrow.DataType], values: Sequence[object]) -> dict[str, pyarrow.Array]:
    return {name: pyarrow.array([getattr(value, name) for value in values], kind) for name, kind in types.items()}


def _build_table(
    stamp: Stamp, rows: Sequence[CheckedRow | SetAsideRow], columns: Mapping[str, pyarrow.Array]
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
