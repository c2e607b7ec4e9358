"""A judged source as Arrow tables, one function per table of the history (design.md §8: never row by row)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow
import pyarrow.compute

from kpis.sheet.model import CheckedRow, Finding
from kpis.store.positions import Position

_ENTRY = {
    "target": pyarrow.string(),
    "agency": pyarrow.string(),
    "occurred_on": pyarrow.date32(),
    "quantity": pyarrow.int64(),
    "denominator": pyarrow.int64(),
    "content": pyarrow.string(),
    "evidence": pyarrow.string(),
    "entered_by": pyarrow.string(),
}
_REPORT = {
    "task": pyarrow.string(),
    "agency": pyarrow.string(),
    "status": pyarrow.string(),
    "finished_on": pyarrow.date32(),
    "result": pyarrow.string(),
    "evidence": pyarrow.string(),
    "difficulty": pyarrow.string(),
}
_FINDING = {
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
class Found:
    """One finding and the row it is on."""

    row: CheckedRow
    finding: Finding

    @property
    def key(self) -> tuple[int, str]:
        """What it is known by from sync to sync: never its place, which moves."""
        return self.row.row_hash, self.finding.code


def rejections(rows: Sequence[CheckedRow]) -> Iterator[Found]:
    """Every rejection of every row."""
    return (Found(row, finding) for row in rows for finding in row.rejections)


def warnings(rows: Sequence[CheckedRow]) -> Iterator[Found]:
    """Every warning of every row."""
    return (Found(row, finding) for row in rows for finding in row.warnings)


def entries_table(stamp: Stamp, rows: Sequence[CheckedRow]) -> pyarrow.Table:
    """Accepted progress rows as rows of `entries`, in date order (design.md §8)."""
    days = pyarrow.array([row.entry and row.entry.occurred_on for row in rows], pyarrow.date32())
    ordered = [rows[at] for at in pyarrow.compute.sort_indices(days).to_pylist()]
    return _table(stamp, ordered, _picked(_ENTRY, [row.entry for row in ordered]))


def reports_table(stamp: Stamp, rows: Sequence[CheckedRow]) -> pyarrow.Table:
    """Accepted task rows as rows of `task_reports`."""
    return _table(stamp, rows, _picked(_REPORT, [row.report for row in rows]))


def findings_table(stamp: Stamp, found: Sequence[Found]) -> pyarrow.Table:
    """Findings as rows of `rejections` or `warnings`."""
    rows = [one.row for one in found]
    columns = {
        **_picked(_FINDING, [one.finding for one in found]),
        "agency": pyarrow.array([row.agency for row in rows], pyarrow.string()),
        "target": pyarrow.array([row.target for row in rows], pyarrow.string()),
        "detail": pyarrow.array([_detail(one.finding) for one in found], pyarrow.string()),
    }
    return _table(stamp, rows, columns)


def position(found: Found) -> Position:
    """Where a finding stands, as a reader is shown it."""
    row, finding = found.row, found.finding
    return Position(row.tab_name, row.number, finding.cell, finding.header, _detail(finding))


def _detail(finding: Finding) -> str:
    return json.dumps(dict(finding.detail), ensure_ascii=False, sort_keys=True)


def _picked(kinds: Mapping[str, pyarrow.DataType], values: Sequence[object]) -> dict[str, pyarrow.Array]:
    return {
        name: pyarrow.array([getattr(value, name) for value in values], kind) for name, kind in kinds.items()
    }


def _table(stamp: Stamp, rows: Sequence[CheckedRow], columns: Mapping[str, pyarrow.Array]) -> pyarrow.Table:
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
